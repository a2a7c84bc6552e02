import assert from "node:assert/strict";
import { test } from "node:test";
import { toggled } from "../src/state/sets.ts";
import { bytes, plural } from "../src/words.ts";

test("sizes are told in the unit that a reader expects", () => {
  assert.deepEqual([0, 999, 1000, 22_071, 999_499, 1_000_000, 12_345_678].map(bytes), [
    "0 B",
    "999 B",
    "1 kB",
    "22 kB",
    "999 kB",
    "1.0 MB",
    "12.3 MB",
  ]);
});

test("nouns follow their count", () => {
  assert.deepEqual(
    [0, 1, 2, 12_000].map((count) => plural(count, "change")),
    ["0 changes", "1 change", "2 changes", "12,000 changes"],
  );
});

test("toggling a member of a set leaves the set as it was and answers another", () => {
  const before = new Set(["a"]);
  assert.deepEqual([...toggled(before, "b")], ["a", "b"]);
  assert.deepEqual([...toggled(before, "a")], []);
  assert.deepEqual([...before], ["a"]);
});
