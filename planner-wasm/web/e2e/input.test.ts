import assert from "node:assert/strict";
import { test } from "node:test";
import { give, sample, useBrowser, watched } from "./browser.ts";
import { serve } from "./server.ts";

useBrowser();

const show = "terraform show -json plan.tfplan > plan.json";
const make = "terraform plan -out=plan.tfplan";

const bad: readonly (readonly [
  what: string,
  content: string | Buffer,
  summary: RegExp,
  commands: readonly string[],
])[] = [
  [
    "a saved plan",
    Buffer.from("PK\u0003\u0004\u0014\u0000\u0008\u0000", "latin1"),
    /saved plan file, not JSON/,
    [show],
  ],
  [
    "a plan for people",
    "\u001b[0mTerraform will perform the following actions:\n",
    /plan as text for people/,
    [make, show],
  ],
  ["an event log", '{"@level":"info","type":"version"}\n{"@level":"info"}\n', /event log of a run/, [make, show]],
  ["a state file", '{"version":4,"serial":1,"lineage":"x","resources":[]}', /state file, not a plan/, [make, show]],
  ["a state", '{"format_version":"1.0","values":{}}', /state as JSON, not a plan/, [make, show]],
  ["a policy", '{"Version":"2012-10-17","Statement":[]}', /IAM policy, not a plan/, [make, show]],
  ["configuration", 'resource "aws_iam_role" "x" {\n}\n', /configuration, not a plan/, [make, show]],
  ["other JSON", '{"hello":"world"}', /JSON is not a plan/, [make, show]],
  ["half a plan", sample.slice(0, sample.length / 2), /breaks off in the middle/, [show]],
  ["a broken plan", sample.replace('"change":', '"change"='), /not valid JSON/, [show]],
  ["a plan of the future", sample.replace('"1.2"', '"2.0"'), /version of the plan format is not known/, [show]],
  ["an empty file", "", /file is empty/, [make, show]],
];

for (const [what, content, summary, commands] of bad) {
  test(
    `${what} is named and answered with the command that makes the right file`,
    watched(async ({ page, silent }) => {
      await give(page, "given.bin", content);
      const refusal = page.getByRole("alert");
      assert.match((await refusal.getByRole("heading").textContent()) ?? "", summary);
      assert.deepEqual(await refusal.locator(".command code").allTextContents(), commands);
      await silent();
    }),
  );
}

test(
  "where a broken plan breaks is told by line and column",
  watched(async ({ page, silent }) => {
    await give(page, "given.json", '{"format_version": "1.2",\n "resource_changes": [}');
    assert.match((await page.getByRole("alert").textContent()) ?? "", /line 2, column 23/);
    await silent();
  }),
);

test(
  "the last good plan stays when another file is refused, and goes when another one is read",
  watched(async ({ page, silent }) => {
    await give(page, "good.json", sample);
    await give(page, "bad.json", "{");
    assert.match((await page.getByRole("alert").textContent()) ?? "", /still good\.json/);
    assert.equal(await page.locator(".item").count(), 10);
    await give(page, "other.json", '{"format_version": "1.2", "resource_changes": []}');
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.match((await page.locator(".verdict").textContent()) ?? "", /Nothing changes/);
    await silent();
  }),
);

test(
  "UTF-16, as PowerShell writes it, is read with a note",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", Buffer.from(`\ufeff${sample}`, "utf16le"));
    assert.match((await page.locator(".input .note").textContent()) ?? "", /UTF-16/);
    assert.equal(await page.locator(".item").count(), 10);
    await silent();
  }),
);

test(
  "a newer minor version is read with a note, and a failed plan says that it failed",
  watched(async ({ page, silent }) => {
    const plan = sample.replace('"1.2"', '"1.7"').replace('"errored": false', '"errored": true');
    await give(page, "plan.json", plan);
    assert.match((await page.locator(".input .note").textContent()) ?? "", /1\.7/);
    assert.match((await page.locator(".caution.errored").textContent()) ?? "", /Planning failed/);
    await silent();
  }),
);

test(
  "a file can be dropped anywhere",
  watched(async ({ page, silent }) => {
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], "dropped.json"));
      return transfer;
    }, sample);
    await page.dispatchEvent("body", "dragover", { dataTransfer: data });
    await page.getByText("Drop the plan anywhere").waitFor();
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
    await page.locator(".file").filter({ hasText: "dropped.json" }).waitFor();
    assert(await page.getByText("Drop the plan anywhere").isHidden());
    await silent();
  }),
);

test(
  "a plan can be pasted anywhere, and into the box for it",
  watched(async ({ page, silent }) => {
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    }, sample);
    await page.locator(".file").filter({ hasText: "pasted text" }).waitFor();
    await page.getByText("Paste", { exact: true }).click();
    await page.getByRole("textbox", { name: "Plan as JSON" }).fill('{"format_version": "1.2", "resource_changes": []}');
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await page.getByText("Nothing changes").waitFor();
    await silent();
  }),
);

test("a plan that a server put into the document is opened at once", async () => {
  const block = `<script type="application/json" id="plan">${sample.replaceAll("<", "\\u003c")}</script></head>`;
  const site = await serve((html) => html.replace("</head>", () => block));
  try {
    await watched(
      async ({ page, silent }) => {
        await page.locator(".verdict").waitFor();
        assert.equal(await page.locator(".item").count(), 10);
        await silent();
      },
      { address: site.address },
    )();
  } finally {
    await site.close();
  }
});

test(
  "markup, odd names and odd characters in a plan are only text",
  watched(async ({ page, silent }) => {
    const evil = '<img src=x onerror="alert(1)">\u202e</script>';
    const plan = {
      format_version: "1.2",
      terraform_version: evil,
      resource_changes: [
        {
          address: evil,
          module_address: evil,
          mode: "managed",
          type: evil,
          change: {
            actions: ["create"],
            before: null,
            after: JSON.parse(`{"__proto__": {"x": 1}, "constructor": "c"}`),
          },
        },
      ],
      output_changes: { [evil]: { actions: ["create"], before: null, after: evil, after_unknown: false } },
    };
    await give(page, "plan.json", JSON.stringify(plan));
    await page.getByRole("button", { name: "Expand all" }).click();
    assert.equal(await page.locator("img").count(), 0);
    const names = await page.locator(".node .name").allTextContents();
    assert(names.includes("__proto__") && names.includes("constructor"), names.join());
    await silent();
  }),
);

test(
  "a plan of ten thousand resources is read in slices, and rendered in parts",
  watched(async ({ page, silent }) => {
    // Made in the page, so that the time it takes to get there is not counted.
    const longest = await page.evaluate(async () => {
      const change = (index: number) => ({
        address: `module.m${index % 7}.x.y[${index}]`,
        module_address: `module.m${index % 7}`,
        mode: "managed",
        type: "x",
        change: {
          actions: ["update"],
          before: { id: `${index}`, text: "a".repeat(600), list: [1, 2, 3] },
          after: { id: `${index}`, text: "b".repeat(600), list: [1, 3] },
          after_unknown: {},
        },
      });
      const changes = Array.from({ length: 10_000 }, (_, index) => change(index));
      const text = JSON.stringify({ format_version: "1.2", resource_changes: changes });
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "large.json"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      let longest = 0;
      let last = performance.now();
      while (!document.querySelector(".verdict")) {
        await new Promise((resume) => setTimeout(resume));
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }
      return longest;
    });
    assert.equal(await page.locator(".tile .number").nth(1).textContent(), "~10000");
    const rows = page.locator(".item");
    assert((await rows.count()) <= 300, "too many rows at once");
    // The machine is shared with whatever else is tested: what would be felt as a freeze is several times what is usual.
    assert(longest < 1500, `${Math.round(longest)} ms without an answer`);
    const before = await rows.count();
    await page
      .getByRole("button", { name: /^Show 200 more of/ })
      .first()
      .click();
    assert.equal(await rows.count(), before + 200);
    await silent();
  }),
);
