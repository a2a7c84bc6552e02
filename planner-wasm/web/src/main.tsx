import { render } from "preact";
import { startEngine } from "./engine.ts";
import { Page } from "./page.tsx";
import { take } from "./state/input.ts";
import { applyTheme } from "./state/theme.ts";

applyTheme();
await startEngine();
const root = document.getElementById("page");
if (root) {
  render(<Page />, root);
}

// Whoever serves the page can put a plan into it, as inert data.
const embedded = document.querySelector('script[type="application/json"]#plan')?.textContent;
if (embedded) {
  await take("plan.json", new TextEncoder().encode(embedded));
}
