import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Prose } from "../a11y/parts.tsx";
import { type Loaded, loaded, reading, take } from "../state/input.ts";
import { bytes } from "../words.ts";
import { OpenButton } from "./header.tsx";

/** What the page was given, what it took it for, and ways to give it something else. */
export function Input(): JSX.Element | null {
  const current = loaded.value;
  if (!current && !reading.value) {
    return null;
  }
  return (
    <section class="input" aria-labelledby="input-title">
      <h2 id="input-title">Input</h2>
      {reading.value && (
        <div class="card" role="status">
          <p class="file">{reading.value.name}</p>
          <progress max="100" value={reading.value.percent} aria-label="Reading" />
        </div>
      )}
      {current && <PlanFile current={current} />}
      <Paste />
    </section>
  );
}

function PlanFile({ current }: { current: Loaded }): JSX.Element {
  const { summary } = current;
  return (
    <div class="card">
      <p class="file">{current.name}</p>
      <dl class="facts">
        <dt>Kind</dt>
        <dd>Plan JSON, format {summary.format_version}</dd>
        {summary.terraform_version && (
          <>
            <dt>Made by</dt>
            <dd>version {summary.terraform_version}</dd>
          </>
        )}
        {summary.timestamp && (
          <>
            <dt>Made at</dt>
            <dd>
              <time dateTime={summary.timestamp}>{summary.timestamp.replace("T", " ").replace("Z", " UTC")}</time>
            </dd>
          </>
        )}
        <dt>Size</dt>
        <dd>{bytes(current.size)}</dd>
      </dl>
      {summary.notes.map((note) => (
        <p key={note} class="note">
          <Prose text={note} />
        </p>
      ))}
    </div>
  );
}

export function Paste(): JSX.Element {
  const [text, setText] = useState("");
  const read = () => {
    void take("pasted text", new TextEncoder().encode(text));
    setText("");
  };
  return (
    <div class="give">
      <OpenButton />
      <details>
        <summary>Paste</summary>
        <label>
          <span class="hidden">Plan as JSON</span>
          <textarea
            rows={5}
            spellcheck={false}
            autocomplete="off"
            placeholder={'{"format_version": …'}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="button" disabled={text === ""} onClick={read}>
          Read
        </button>
      </details>
    </div>
  );
}
