// Lets Node 20 run the tests' TypeScript: `node --import ./scripts/typescript.js`.
import { register } from "node:module";

register("./typescript-hooks.js", import.meta.url);
