import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as engine from "../src/wasm/pod_identity_planner.js";

type Call = { arguments: string[]; answer: unknown };

engine.initSync({ module: readFileSync(new URL("../src/wasm/pod_identity_planner_bg.wasm", import.meta.url)) });

const folder = new URL("../../../tests/corpus/answers/exports/", import.meta.url);

const exported = new Map<string, unknown>(Object.entries(engine));

for (const file of readdirSync(folder)) {
  const name = file.replace(/\.json$/, "");
  test(`in the browser ${name} answers as the native engine does`, () => {
    const call = exported.get(name) as (...texts: string[]) => unknown;
    const calls = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Call[];
    assert.notEqual(calls.length, 0);
    for (const one of calls) {
      assert.deepEqual(call(...one.arguments), one.answer, one.arguments.join("\n"));
    }
  });
}
