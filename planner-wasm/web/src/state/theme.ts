// Light, dark, or as the system has it.
import { effect, signal } from "@preact/signals";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const KEY = "theme";

export const theme = signal<Theme>(remembered());

// From a disk, storage is shared with other files or refused.
function remembered(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return themes.find((one) => one === found) ?? "system";
  } catch {
    return "system";
  }
}

export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // It is then chosen anew next time.
    }
  });
}
