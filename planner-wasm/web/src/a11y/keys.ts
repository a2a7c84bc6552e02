// Keys for the whole page; everything they do has a button as well.
import { collapseAll, expandAll, tab, tabs } from "../state/view.ts";

export const keys: readonly (readonly [key: string, meaning: string])[] = [
  ["/", "go to the filter"],
  ["j, k", "next, previous change"],
  ["o, Enter", "open or close it"],
  ["e, c", "expand all, collapse all"],
  ["1, 2", "changes, trust policy"],
  ["?", "this list"],
];

export function listenToKeys(showHelp: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    const target = event.target;
    const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) {
      return;
    }
    if (act(event.key, showHelp)) {
      event.preventDefault();
    }
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}

function act(key: string, showHelp: () => void): boolean {
  const chosen = tabs[Number(key) - 1];
  if (chosen) {
    tab.value = chosen;
    return true;
  }
  switch (key) {
    case "/":
      focusFilter();
      return true;
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "o":
      if (document.activeElement instanceof HTMLElement && document.activeElement.matches(stop)) {
        document.activeElement.click();
      }
      return true;
    case "e":
      expandAll();
      return true;
    case "c":
      collapseAll();
      return true;
    case "?":
      showHelp();
      return true;
    default:
      return false;
  }
}

function focusFilter(): void {
  if (tab.value === "changes") {
    document.getElementById("filter")?.focus();
  } else {
    tab.value = "changes";
    // The filter is there once its tab is rendered.
    requestAnimationFrame(() => document.getElementById("filter")?.focus());
  }
}

const stop = "[data-stop]";

function step(by: 1 | -1): boolean {
  const stops = [...document.querySelectorAll<HTMLElement>(stop)];
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const next = here < 0 ? stops[0] : stops[here + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}
