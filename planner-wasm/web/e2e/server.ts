// Serves the built page on loopback, with the policy as a header.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { servedPolicy } from "../scripts/policy.ts";

export const dist: string = fileURLToPath(new URL("../dist/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface Site {
  readonly address: string;
  close(): Promise<void>;
}

/** Serves `dist`; `change` may alter the document, as a server does that puts a plan into it. */
export async function serve(change: (html: string) => string = (html) => html): Promise<Site> {
  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    const name = normalize(path === "/" ? "/index.html" : path);
    try {
      const body = await readFile(join(dist, name));
      response.writeHead(200, {
        "content-type": types[extname(name)] ?? "application/octet-stream",
        "content-security-policy": `${servedPolicy}; frame-ancestors 'none'`,
        "x-content-type-options": "nosniff",
      });
      response.end(name === "/index.html" ? change(body.toString()) : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
