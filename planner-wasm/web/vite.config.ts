import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { policy, servedPolicy } from "./scripts/policy.ts";

const engine = "src/wasm/pod_identity_planner_bg.wasm";

/** The name of the page in one file, which works from a disk. */
const singleFile = "pod-identity-planner.html";

/** Puts the policy and the engine into the document: `connect-src 'none'` keeps the page from fetching either. */
function document(): Plugin {
  return {
    name: "document",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: servedPolicy },
        injectTo: "head-prepend",
      },
      { tag: "script", attrs: { type: "application/gzip", id: "engine" }, children: packed(), injectTo: "body" },
    ],
  };
}

function packed(): string {
  return gzipSync(readFileSync(engine), { level: 9 }).toString("base64");
}

/** Writes the page once more as a single file. Its policy allows exactly its own script and style, by hash. */
function inOneFile(): Plugin {
  return {
    name: "in-one-file",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      const read = (name: string) => readFileSync(join(dir, name), "utf8");
      const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
      const page = read("index.html");
      const find = (what: RegExp) => {
        const found = what.exec(page);
        if (!found) {
          throw new Error(`index.html has nothing like ${what}`);
        }
        return { whole: found[0], name: found[1] ?? "" };
      };
      const script = find(/<script type="module"[^>]* src="\.\/([^"]+)"><\/script>/);
      const style = find(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/);
      // In a string or a regular expression of a script, this escape changes nothing.
      const code = read(script.name).replaceAll("</script", "<\\/script");
      const css = read(style.name);
      const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(hash(code), hash(css))}">`;
      const pieces = [
        [find(/<meta http-equiv="Content-Security-Policy"[^>]*>/).whole, meta],
        [find(/<link rel="icon"[^>]*>/).whole, ""],
        [style.whole, `<style>${css}</style>`],
        [script.whole, ""],
        ["</body>", `<script type="module">${code}</script></body>`],
      ] as const;
      let single = page;
      for (const [from, to] of pieces) {
        single = single.replace(from, () => to);
      }
      writeFileSync(join(dir, singleFile), single);
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [document(), inOneFile()],
  build: {
    target: "es2022",
    // The polyfill would fetch.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
