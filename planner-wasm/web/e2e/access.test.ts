import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { give, read, sample, useBrowser, watched } from "./browser.ts";

useBrowser();

const axe = read(createRequire(import.meta.url).resolve("axe-core/axe.min.js"));

interface Axe {
  run(
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] }>;
}

async function isAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
  });
  assert.deepEqual(found, []);
}

for (const [what, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
  ["a narrow window", { viewport: { width: 360, height: 740 } }],
] as const) {
  test(
    `everything is accessible and fits: ${what}`,
    watched(async ({ page }) => {
      const fits = async () => {
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(over, 0, "the page scrolls sideways");
      };
      await isAccessible(page);
      await fits();
      await give(page, "bad.json", "{");
      await isAccessible(page);
      await fits();
      await give(page, "plan.json", sample);
      await page.getByRole("button", { name: "Expand all" }).click();
      await isAccessible(page);
      await fits();
      await page.getByRole("tab", { name: /Trust policy/ }).click();
      await isAccessible(page);
      await fits();
      await page.getByRole("button", { name: "Help and keys" }).click();
      await isAccessible(page);
    }, options),
  );
}

test(
  "the whole story can be told with the keyboard alone",
  watched(async ({ page, silent }) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    // Header, then the sample: no pointer is needed to get a plan.
    await page.getByRole("button", { name: "Look at a sample" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".verdict").waitFor();

    await page.keyboard.press("j");
    assert.match(await focused(), /pod_identity_binding\.orders/);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.match(await focused(), /aws_iam_role\.payments/);
    await page.keyboard.press("k");
    assert.match(await focused(), /pod_identity_binding\.indexer/);
    await page.keyboard.press("o");
    assert.equal(await page.locator(".item .detail").count(), 1);
    assert.match(await focused(), /pod_identity_binding\.indexer/, "the focus stays where it was");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".item .detail").count(), 0);

    await page.keyboard.press("e");
    assert.equal(await page.locator(".item .detail").count(), 10);
    await page.keyboard.press("c");
    assert.equal(await page.locator(".item .detail").count(), 0);

    await page.keyboard.press("/");
    await page.keyboard.type("jek");
    assert.equal(await page.getByRole("searchbox").inputValue(), "jek", "keys are text while one types");
    await page.getByRole("searchbox").fill("");
    await page.keyboard.press("Escape");

    await page.keyboard.press("2");
    await page.locator(".policies").waitFor();
    await page.getByRole("tab", { name: /Trust policy/ }).focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await focused(), /^Changes/);
    assert.equal(await page.getByRole("tab", { name: /Changes/ }).getAttribute("aria-selected"), "true");

    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await silent();
  }),
);

test(
  "the theme is chosen by hand and kept",
  watched(async ({ page, silent }) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByText("dark", { exact: true }).locator("..").click();
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await ground(), dark);
    await silent();
  }),
);
