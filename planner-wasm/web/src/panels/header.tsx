import type { JSX, TargetedEvent } from "preact";
import { useRef } from "preact/hooks";
import { engineVersion } from "../engine.ts";
import { samples } from "../samples.ts";
import { take, takeFile } from "../state/input.ts";
import { theme, themes } from "../state/theme.ts";

export function Header({ showHelp }: { showHelp: () => void }): JSX.Element {
  return (
    <header>
      <h1>
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <path class="hexagon" d="M16 2 28 9v14l-12 7L4 23V9z" />
          <circle class="key" cx="16" cy="13" r="4" />
          <path class="key" d="M16 17v8m0-3h4" />
        </svg>
        Pod identity planner
      </h1>
      <span class="version">{engineVersion()}</span>
      <button type="button" class="promise" onClick={showHelp}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z" />
        </svg>
        Nothing leaves this page
      </button>
      <div class="actions">
        <SamplePicker />
        <OpenButton />
        <ThemeSwitch />
        <button type="button" class="plain" onClick={showHelp} aria-label="Help and keys">
          ?
        </button>
      </div>
    </header>
  );
}

function SamplePicker(): JSX.Element {
  const onChange = (event: TargetedEvent<HTMLSelectElement>) => {
    const sample = samples.find(({ name }) => name === event.currentTarget.value);
    event.currentTarget.value = "";
    if (sample) {
      void take(sample.name, new TextEncoder().encode(sample.text));
    }
  };
  return (
    <select aria-label="Open a sample" onChange={onChange}>
      <option value="">Samples</option>
      {samples.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}

export function OpenButton({ primary = false }: { primary?: boolean }): JSX.Element {
  const chooser = useRef<HTMLInputElement>(null);
  const onChange = (event: TargetedEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    // The same file can then be opened again.
    event.currentTarget.value = "";
    if (file) {
      void takeFile(file);
    }
  };
  return (
    <>
      <input ref={chooser} type="file" hidden onChange={onChange} aria-label="Plan file" />
      <button type="button" class={primary ? "primary" : ""} onClick={() => chooser.current?.click()}>
        Open…
      </button>
    </>
  );
}

const icons: Readonly<Record<(typeof themes)[number], string>> = {
  system: "M2.5 3h11v7.5h-11zM5.5 13.5h5",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  dark: "M13.5 9.5a6 6 0 0 1-7-7 6 6 0 1 0 7 7z",
};

function ThemeSwitch(): JSX.Element {
  return (
    <fieldset class="themes">
      <legend class="hidden">Theme</legend>
      {themes.map((one) => (
        <label key={one} title={one}>
          <input type="radio" name="theme" checked={theme.value === one} onChange={() => (theme.value = one)} />
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={icons[one]} />
          </svg>
          <span class="hidden">{one}</span>
        </label>
      ))}
    </fieldset>
  );
}
