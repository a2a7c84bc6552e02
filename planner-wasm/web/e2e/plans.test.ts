import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { builtin, everything, give, pressAll, quickstart, sample, singleFile, useBrowser, watched } from "./browser.ts";

useBrowser();

interface Change {
  readonly address: string;
  readonly type: string;
  readonly previous_address?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    readonly importing?: unknown;
  };
}

/** Every resource that the plan changes is there, and every statement of every trust policy in it. */
async function showsAllOf(page: Page, text: string): Promise<void> {
  const { resource_changes: changes = [] } = JSON.parse(text) as { resource_changes?: readonly Change[] };
  const changing = changes.filter(({ change }) => change.actions.join() !== "no-op");
  assert(changing.length > 0, "the plan changes something");
  await page.getByRole("button", { name: "Expand all" }).click();
  const addresses = await page.locator(".item .address").allTextContents();
  for (const { address } of changing) {
    const shown = addresses.some((one) => one !== "" && address.endsWith(one));
    assert(shown, `${address} is not in ${addresses.join(", ")}`);
  }

  await page.getByRole("tab", { name: /Trust policy/ }).click();
  for (const { address, type, change } of changes) {
    const attribute = type === "pod_identity_binding" ? "trust_policy" : "assume_role_policy";
    for (const side of [change.before, change.after]) {
      const policy = side?.[attribute];
      if (typeof policy === "string") {
        await showsPolicy(page, address, policy);
      }
    }
  }
}

async function showsPolicy(page: Page, address: string, policy: string): Promise<void> {
  const { Statement: statements } = JSON.parse(policy) as { Statement: readonly { Sid?: string; Action: unknown }[] };
  const card = page.locator(".policy").filter({ has: page.getByText(address, { exact: true }) });
  if ((await card.locator(".row").getAttribute("aria-expanded")) === "false") {
    await card.locator(".row").click();
  }
  await pressAll(card, ".says [aria-expanded=false]");
  const shown = (await card.locator(".lines").allTextContents()).join("\n");
  for (const { Sid, Action } of statements) {
    for (const part of [Sid, Action].flat()) {
      assert(part === undefined || shown.includes(`"${part}"`), `${address}: ${part} is not in ${shown}`);
    }
  }
}

const plans = new Map([
  ["the sample", sample],
  ["a plan that terraform wrote", builtin],
  ["a plan that terraform wrote with the provider", quickstart],
]);
const accepted = process.env["POD_TEST_PLAN"];
if (accepted !== undefined) {
  plans.set("the plan of the acceptance run", readFileSync(accepted, "utf8"));
}

for (const [what, text] of plans) {
  for (const [where, options] of [
    ["served", {}],
    ["from a disk", { address: singleFile }],
  ] as const) {
    test(
      `${what}, ${where}: changes and trust policies come out, and nothing else happens`,
      watched(async ({ page, silent }) => {
        await give(page, "plan.json", text);
        await showsAllOf(page, text);
        await silent();
      }, options),
    );
  }
}

test(
  "a change of mode shows the statement that is added, whole, and the one that stays",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    await page.getByRole("tab", { name: /Trust policy/ }).click();
    const binding = page.locator(".policy").filter({ hasText: "pod_identity_binding.orders" });
    assert.equal(await binding.locator(".row .badge").textContent(), "1 statement added");
    const [stays, added] = await binding.locator(".statement").all();
    assert(stays && added);
    assert.match((await stays.textContent()) ?? "", /= unchanged.*Pods using orders in checkout with IRSA/);
    assert.match((await added.textContent()) ?? "", /\+ added.*Pods using orders in checkout on cluster prod/);
    const lines = (await added.locator("ins").allTextContents()).join("");
    assert.match(lines, /"aws:RequestTag\/kubernetes-service-account": "orders"/);
    assert.equal(await stays.locator(".lines").count(), 0, "what stays is folded");
    await silent();
  }),
);

test(
  "a binding tells what apply does, and leads to its trust policy",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", quickstart);
    const change = page.locator(".item").filter({ hasText: "pod_identity_binding.exporter" });
    await change.locator(".row").click();
    const steps = await change.locator(".steps li").allTextContents();
    assert.equal(steps.length, 4);
    assert.match(steps[0] ?? "", /^Add to the trust policy of role quickstart-exporter/);
    await change.getByRole("button", { name: "Trust policy, statement by statement" }).click();
    const policy = page.locator(".policy").filter({ hasText: "pod_identity_binding.exporter" });
    await policy.locator(".statement.add").waitFor();
    assert.match(
      await page.evaluate(() => document.activeElement?.textContent ?? ""),
      /pod_identity_binding\.exporter/,
    );
    await silent();
  }),
);

test(
  "a changed statement is shown whole with only the changed leaves marked",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    await page.getByRole("tab", { name: /Trust policy/ }).click();
    const role = page.locator(".policy").filter({ hasText: "aws_iam_role.payments" });
    const changed = role.locator(".statement.change");
    const marked = async (what: string) => (await changed.locator(what).allTextContents()).join("");
    assert.match(await marked("del"), /system:serviceaccount:payments:\*/);
    assert.match(await marked("ins"), /system:serviceaccount:payments:settlement/);
    assert.match(await marked(".same"), /"sts:AssumeRoleWithWebIdentity"/);
    assert.doesNotMatch((await marked("del")) + (await marked("ins")), /sts:AssumeRoleWithWebIdentity/);
    await silent();
  }),
);

test(
  "reordering is told apart from change, and an unknown policy is shown as it is now",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    await page.getByRole("tab", { name: /Trust policy/ }).click();
    const badge = (address: string) =>
      page.locator(".policy").filter({ hasText: address }).locator(".row .badge").textContent();
    assert.equal(await badge("aws_iam_role.reports"), "reordered only, same meaning");
    assert.equal(await badge("aws_iam_role.replica"), "known after apply");
    const unknown = page.locator(".policy").filter({ hasText: "aws_iam_role.replica" });
    await unknown.locator(".row").click();
    assert.match((await unknown.locator(".remark").textContent()) ?? "", /known only after apply/);
    await unknown.getByText("JSON", { exact: true }).click();
    assert.match((await unknown.locator("pre").textContent()) ?? "", /system:serviceaccount:data:replica/);
    await silent();
  }),
);

test(
  "sensitive values are nowhere in the document, whatever is opened",
  watched(async ({ page, silent }) => {
    for (const [text, secrets] of [
      [sample, ["correct-horse-battery", "staple-battery-horse"]],
      [builtin, ["hunter2secret"]],
    ] as const) {
      await give(page, "plan.json", text);
      await pressAll(page, ".chip[aria-pressed=false]");
      await page.getByRole("button", { name: "Expand all" }).click();
      await pressAll(page, ".fold[aria-expanded=false]");
      const shown = await everything(page);
      assert.match(shown, /class="masked"/);
      for (const secret of secrets) {
        assert(text.includes(secret));
        assert(!shown.includes(secret), `${secret} is in the document`);
      }
    }
    await silent();
  }),
);

test(
  "why something is replaced, and which attribute forces it, is always in sight",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    const replaced = page.locator(".item.replace");
    assert.match((await replaced.locator(".reason").textContent()) ?? "", /replace because name changes/);
    await replaced.locator(".row").click();
    const forcing = replaced.locator(".node").filter({ has: page.locator(".forces") });
    assert.equal(await forcing.locator(".name").textContent(), "name");
    await silent();
  }),
);

test(
  "filters choose by kind and by text, with counts",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    const addresses = () => page.locator(".item .address").allTextContents();
    assert.equal((await addresses()).length, 10);
    await page.getByRole("button", { name: "drift 1" }).click();
    assert.equal((await addresses()).length, 11);
    await page.getByRole("button", { name: "update 5" }).click();
    assert.equal((await addresses()).length, 6);
    await page.getByRole("searchbox").fill("replica");
    assert.deepEqual(await addresses(), ["aws_iam_role.replica"]);
    await page.getByRole("searchbox").fill("no such thing");
    await page.getByText("No change to show.").waitFor();
    await page.getByRole("button", { name: "Show everything" }).click();
    assert.equal((await addresses()).length, 13);
    await silent();
  }),
);

test(
  "unchanged attributes are counted and can be opened",
  watched(async ({ page, silent }) => {
    await give(page, "plan.json", sample);
    const change = page.locator(".item").filter({ hasText: "aws_db_instance.orders" });
    await change.locator(".row").click();
    assert.equal(await change.locator(".node").count(), 3);
    await change.getByRole("button", { name: "6 unchanged attributes" }).click();
    assert((await change.locator(".node .name").allTextContents()).includes("identifier"));
    await silent();
  }),
);
