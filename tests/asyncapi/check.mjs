// Checks an AsyncAPI document with its own parser: node check.mjs <document>. Prints each error or warning.

import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
// 0 is an error and 1 a warning. What is below is advice, such as to move to a newer version.
const faults = diagnostics.filter(({ severity }) => severity <= 1);
for (const { message, path } of faults) {
  console.error(`error: ${path.join(".")}: ${message}`);
}
process.exitCode = faults.length > 0 ? 1 : 0;
