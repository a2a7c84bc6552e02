// Small parts that every view uses.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Look, Tone } from "../words.ts";

/** Text in which words between backticks are literals. */
export function Prose({ text }: { text: string }): JSX.Element {
  const pieces = text.split("`");
  return <>{pieces.map((piece, index) => (index % 2 === 1 ? <code key={`${index}${piece}`}>{piece}</code> : piece))}</>;
}

/** Words for those who do not see signs and colours. */
export function Hidden({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="hidden">{children}</span>;
}

/** The sign of what happens, with its word. */
export function Sign({ look }: { look: Look }): JSX.Element {
  return (
    <span class={`sign ${look.tone}`} title={look.word}>
      <span aria-hidden="true">{look.sign}</span>
      <Hidden>{look.word} </Hidden>
    </span>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** The mark of something that opens: it turns by style. */
export function Chevron(): JSX.Element {
  return (
    <svg class="chevron" viewBox="0 0 16 16" aria-hidden="true">
      <path d="m6 4 4 4-4 4" />
    </svg>
  );
}

/** A command that is meant to be copied. */
export function Command({ text }: { text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="command">
      <code>{text}</code>
      {/* From a disk, and over plain HTTP, browsers have no clipboard for pages. */}
      {navigator.clipboard && (
        <button type="button" class="plain" onClick={copy} aria-label={`Copy: ${text}`}>
          {copied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
