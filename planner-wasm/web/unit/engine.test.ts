import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { guarded, type Plan, readPlan } from "../src/engine.ts";
import { __wbg_reset_state, initSync } from "../src/wasm/pod_identity_planner.js";

const file = (path: string) => readFileSync(new URL(path, import.meta.url));
const sample = new Uint8Array(file("../samples/migration.json"));

initSync({ module: file("../src/wasm/pod_identity_planner_bg.wasm") });

async function read(bytes: Uint8Array): Promise<Plan> {
  const answer = await readPlan(bytes, () => true);
  assert.equal(answer?.type, "success");
  return answer.value;
}

test("a plan is read in slices and answers questions", async () => {
  const plan = await read(sample);
  const summary = plan.summary();
  assert.equal(summary.type, "success");
  assert.equal(summary.value.format_version, "1.2");
  plan.free();
});

test("a file that another one replaces is given up", async () => {
  const long = new TextEncoder().encode(`[${"1,".repeat(10_000_000)}1]`);
  assert.equal(await readPlan(long, () => false), undefined);
});

test("what is no plan is a failure with the command to run", async () => {
  const answer = await readPlan(new TextEncoder().encode("PK\u0003\u0004"), () => true);
  assert.equal(answer?.type, "failure");
  assert.deepEqual(answer.failure.commands, ["terraform show -json plan.tfplan > plan.json"]);
});

test("a call that throws is answered, and the engine is made anew", () => {
  let resets = 0;
  const answer = guarded(
    () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
    () => {
      resets += 1;
    },
  );
  assert.equal(answer.type, "failure");
  assert.equal(resets, 1);
});

test("after the engine is made anew, old plans answer with a failure and new ones can be read", async () => {
  const old = await read(sample);
  __wbg_reset_state();
  assert.equal(old.summary().type, "failure");
  old.free();
  const anew = await read(sample);
  assert.equal(anew.summary().type, "success");
  anew.free();
});
