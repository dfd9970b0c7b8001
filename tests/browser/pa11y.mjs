// Prints, as JSON, what pa11y finds at each of the addresses; the folder of modules and the browser come first.
import { createRequire } from "node:module";
import { argv } from "node:process";

const [modules, executablePath, ...addresses] = argv.slice(2);
const require = createRequire(`${modules}/`);
const pa11y = require("pa11y");
const puppeteer = require("puppeteer");

const AT_ONCE = 2;

const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
const browser = await puppeteer.launch({ executablePath, args });
const waiting = [...addresses];
const found = {};
const judge = async () => {
  for (let address = waiting.shift(); address; address = waiting.shift()) {
    const { issues } = await pa11y(address, { browser, standard: "WCAG2AA", runners: ["htmlcs"] });
    found[address] = issues.map(({ code, selector }) => `${code}: ${selector}`);
  }
};
try {
  await Promise.all(Array.from({ length: AT_ONCE }, judge));
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
