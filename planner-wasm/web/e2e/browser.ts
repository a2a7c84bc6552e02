// A Chromium, and pages in it that are watched: whatever they say, refuse or request is held against them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { dist, type Site, serve } from "./server.ts";

export const singleFile: string = pathToFileURL(join(dist, "pod-identity-planner.html")).href;

export const sample: string = read("../samples/migration.json");
export const builtin: string = read("../../../tests/corpus/plans/builtin/plan.json");
export const quickstart: string = read("../../../tests/corpus/plans/quickstart/plan.json");

export function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

declare global {
  interface Window {
    violations: string[];
  }
}

/** A page under watch. */
export interface Watched {
  readonly page: Page;
  /** Fails on anything that a silent page does not do. */
  silent(): Promise<void>;
  /** What the policy refused until now. */
  violations(): Promise<string[]>;
}

let browser: Browser | undefined;
let site: Site | undefined;

/** Starts a browser and a server for the tests of a file. */
export function useBrowser(): void {
  before(async () => {
    site = await serve();
    browser = await chromium.launch({
      executablePath: process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
}

/** Opens the page, runs the test, and fails it if the page was not silent. */
export function watched(
  test: (watched: Watched) => Promise<void>,
  { address, ...options }: BrowserContextOptions & { address?: string } = {},
): () => Promise<void> {
  return async () => {
    assert(browser && site);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const said: string[] = [];
    const requested: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    page.on("request", (request) => requested.push(request.url()));
    await page.addInitScript(() => {
      window.violations = [];
      addEventListener("securitypolicyviolation", (event) => {
        window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
      });
    });
    const start = address ?? site.address;
    await page.goto(start);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const violations = () => page.evaluate(() => window.violations);
    const silent = async () => {
      assert.deepEqual(await violations(), [], "the policy was violated");
      assert.deepEqual(said, [], "the console was written to");
      const own = start.startsWith("file:") ? [start] : requested.filter((url) => ownFile(url, start));
      assert.deepEqual(requested, own, "more than the page's own files was requested");
    };
    try {
      await test({ page, silent, violations });
    } finally {
      await context.close();
    }
  };
}

function ownFile(url: string, start: string): boolean {
  const path = url.startsWith(start) ? url.slice(start.length) : undefined;
  return path !== undefined && /^(|icon\.svg|assets\/index-[\w-]+\.(js|css))$/.test(path);
}

/** Gives the page a file and waits until it has answered. */
export async function give(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name, mimeType: "", buffer: Buffer.from(content) });
  await page.locator("progress").waitFor({ state: "detached" });
  await page.locator(".file, .refusal").filter({ hasText: name }).first().waitFor();
}

/** Presses what `selector` finds until it finds nothing more. */
export async function pressAll(within: Page | Locator, selector: string): Promise<void> {
  const left = within.locator(selector);
  for (let count = await left.count(); count > 0; count = await left.count()) {
    await left.first().click();
  }
}

/** The whole text of the document, attributes included. */
export function everything(page: Page): Promise<string> {
  return page.evaluate(() => {
    // The plan that a server put into the document is not the page's doing.
    const copy = document.documentElement.cloneNode(true) as HTMLElement;
    for (const script of copy.querySelectorAll("script")) {
      script.remove();
    }
    return copy.outerHTML;
  });
}
