import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { canAssume, initSync } from "../src/wasm/pod_identity_planner.js";

const corpus = (path: string) => new URL(`../../../tests/corpus/${path}`, import.meta.url);
const json = <T>(path: string) => JSON.parse(readFileSync(corpus(path), "utf8")) as T;

initSync({
  module: readFileSync(new URL("../src/wasm/pod_identity_planner_bg.wasm", import.meta.url)),
});

type Case = {
  name: string;
  version?: string;
  policy?: unknown;
  condition?: unknown;
  pod?: unknown;
  request?: { principal?: unknown; actions?: string[] };
};
type Answer = { verdict: string; because: string[] };

const service = "pods.eks.amazonaws.com";

// What the cases leave out is what the tests of the engine fill in as well.
function policyOf({ version = "2012-10-17", policy, condition }: Case): string {
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: condition,
  };
  return JSON.stringify(policy ?? { Version: version, Statement: statement });
}

function requestOf({ pod, request }: Case): string {
  const principal = { type: "service", value: service };
  return JSON.stringify(pod ?? { principal, actions: ["sts:AssumeRole"], ...request });
}

test("the engine in the browser answers every case as the native one does", () => {
  const answers = json<Record<string, Answer>>("answers/evaluation.json");
  const asked = new Set<string>();
  for (const file of readdirSync(corpus("evaluation"))) {
    for (const one of json<Case[]>(`evaluation/${file}`)) {
      const name = `${file.replace(/\.json$/, "")}: ${one.name}`;
      const answer = canAssume(policyOf(one), requestOf(one));
      assert.equal(answer.type, "success", name);
      const { verdict, because } = answer.value;
      assert.deepEqual({ verdict, because }, answers[name], name);
      asked.add(name);
    }
  }
  assert.deepEqual([...asked].sort(), Object.keys(answers).sort());
});
