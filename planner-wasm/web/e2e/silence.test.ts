import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { singleFile, useBrowser, watched } from "./browser.ts";

useBrowser();

/** Each tries to reach somebody and answers whether it was let. */
const attempts: Readonly<Record<string, (url: string) => Promise<boolean>>> = {
  fetch: (url) =>
    fetch(url, { mode: "no-cors" }).then(
      () => true,
      () => false,
    ),
  xhr: (url) =>
    new Promise((done) => {
      const request = new XMLHttpRequest();
      request.onload = () => done(true);
      request.onerror = () => done(false);
      request.open("GET", url);
      request.send();
    }),
  socket: (url) =>
    new Promise((done) => {
      try {
        const socket = new WebSocket(url.replace("http", "ws"));
        socket.onopen = () => done(true);
        socket.onerror = () => done(false);
      } catch {
        done(false);
      }
    }),
  events: (url) =>
    new Promise((done) => {
      const source = new EventSource(url);
      source.onopen = () => done(true);
      source.onerror = () => done(false);
    }),
  // Its answer says only that it was queued; the server knows better.
  beacon: async (url) => {
    navigator.sendBeacon(url, "x");
    return false;
  },
  image: (url) =>
    new Promise((done) => {
      const image = new Image();
      image.onload = () => done(true);
      image.onerror = () => done(false);
      image.src = url;
    }),
  style: (url) =>
    new Promise((done) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = url;
      link.onload = () => done(true);
      link.onerror = () => done(false);
      document.head.append(link);
    }),
  prefetch: (url) =>
    new Promise((done) => {
      const link = document.createElement("link");
      link.rel = "prefetch";
      link.href = url;
      link.onload = () => done(true);
      link.onerror = () => done(false);
      document.head.append(link);
      setTimeout(() => done(false), 300);
    }),
  script: async (url) => {
    try {
      const script = document.createElement("script");
      script.src = url;
      return true;
    } catch {
      return false;
    }
  },
  worker: async (url) => {
    try {
      new Worker(url);
      return true;
    } catch {
      return false;
    }
  },
  form: async (url) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    form.target = "frame";
    const frame = document.createElement("iframe");
    frame.name = "frame";
    document.body.append(frame, form);
    form.submit();
    await new Promise((resume) => setTimeout(resume, 300));
    return false;
  },
  frame: async (url) => {
    const frame = document.createElement("iframe");
    frame.src = url;
    document.body.append(frame);
    await new Promise((resume) => setTimeout(resume, 300));
    return false;
  },
  markup: async () => {
    try {
      document.body.innerHTML = "<p>";
      return true;
    } catch {
      return false;
    }
  },
};

for (const [where, options] of [
  ["served", {}],
  ["from a disk", { address: singleFile }],
] as const) {
  for (const [what, attempt] of Object.entries(attempts)) {
    test(`${what} is refused, ${where}`, async () => {
      const reached: string[] = [];
      const outside = createServer((request, response) => {
        reached.push(request.url ?? "");
        response.writeHead(200, { "access-control-allow-origin": "*" }).end();
      });
      await new Promise<void>((listening) => outside.listen(0, "127.0.0.1", listening));
      const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/${what}`;
      try {
        await watched(async ({ page, violations }) => {
          assert.equal(await page.evaluate(attempt, url), false, "it was let");
          const refused = await violations();
          assert(refused.length > 0, "nothing was refused");
        }, options)();
        assert.deepEqual(reached, [], "somebody was reached");
      } finally {
        outside.closeAllConnections();
        outside.close();
      }
    });
  }
}

test("the single file allows exactly its own script and style, and names no other file", () => {
  const html = readFileSync(fileURLToPath(singleFile), "utf8");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? "";
  assert.match(policy, /script-src 'sha256-[\w+/=]{44}' 'wasm-unsafe-eval'; style-src 'sha256-[\w+/=]{44}';/);
  assert.match(policy, /connect-src 'none'; worker-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  assert.doesNotMatch(html, /<(script|link|img)[^>]+(src|href)=/);
  assert(html.length < 1.6e6, `${html.length} characters`);
});
