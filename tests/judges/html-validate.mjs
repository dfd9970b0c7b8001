// What html-validate is asked: everything it recommends, but for what is stated here.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // HTML does not mind; the pages write all of it in lower case.
    "doctype-style": ["error", { style: "lowercase" }],
    // A title names the page and the site, however long their names; a search engine cuts what it has no room for.
    "long-title": "off",
    // A list is named by the heading above it, which ARIA 1.2 allows: a `list` takes a name from its author.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // A box that scrolls is reached by the keyboard, so it is a region with a name; it begins no section.
    "prefer-native-element": ["error", { exclude: ["region"] }],
  },
};
