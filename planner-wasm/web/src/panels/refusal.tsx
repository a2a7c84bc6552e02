import type { JSX } from "preact";
import { Command, Prose } from "../a11y/parts.tsx";
import { loaded, refused } from "../state/input.ts";
import { bytes } from "../words.ts";

/** Why the last file was not taken, and how to make the right one. */
export function Refusal(): JSX.Element | null {
  const last = refused.value;
  if (!last) {
    return null;
  }
  const { failure } = last;
  return (
    <section class="card refusal" role="alert" aria-labelledby="refusal-title">
      <h2 id="refusal-title">{failure.summary}</h2>
      <p class="quiet">
        {last.name}, {bytes(last.size)}
        {failure.line !== null && (
          <>
            , line {failure.line}, column {failure.column}
          </>
        )}
      </p>
      <p>
        <Prose text={failure.detail} />
      </p>
      {failure.commands.map((command) => (
        <Command key={command} text={command} />
      ))}
      {loaded.value && <p class="note">What is shown below is still {loaded.value.name}.</p>}
      <button type="button" onClick={() => (refused.value = undefined)}>
        Dismiss
      </button>
    </section>
  );
}
