// A statement of a policy, whole, with what comes and goes in it marked.
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Badge, Chevron, Hidden, Prose } from "../a11y/parts.tsx";
import type { Line, Statement } from "../engine.ts";
import { statementLooks } from "../words.ts";

export function StatementDiff({ statement }: { statement: Statement }): JSX.Element {
  const look = statementLooks[statement.change];
  const [open, setOpen] = useState(look.tone !== "quiet");
  const id = useId();
  return (
    <li class={`statement ${look.tone}`}>
      <div class="says">
        <Badge tone={look.tone}>
          <span aria-hidden="true">{look.sign} </span>
          {look.word}
        </Badge>
        <p>
          <Prose text={statement.sentence} />
        </p>
        <button type="button" class="plain" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          <Chevron />
          <Hidden>Statement </Hidden>
          <span class="sid">{statement.sid ?? "no Sid"}</span>
        </button>
      </div>
      <div id={id} hidden={!open}>
        {open && <Lines lines={statement.lines} whole={statement.change} />}
      </div>
    </li>
  );
}

function Lines({ lines, whole }: { lines: readonly Line[]; whole: Statement["change"] }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre class="lines" tabIndex={0}>
      {lines.map((line, index) => (
        <MarkedLine key={index} line={line} whole={whole} />
      ))}
    </pre>
  );
}

function MarkedLine({ line, whole }: { line: Line; whole: Statement["change"] }): JSX.Element {
  const text = `${"  ".repeat(line.depth)}${line.text}\n`;
  // Where all of it comes or goes, that is said once, above.
  const spoken = whole === "changed";
  switch (line.mark) {
    case "same":
      return <span class="same">{`  ${text}`}</span>;
    case "added":
      return (
        <ins>
          <span aria-hidden="true">+ </span>
          {spoken && <Hidden>added: </Hidden>}
          {text}
        </ins>
      );
    case "removed":
      return (
        <del>
          <span aria-hidden="true">− </span>
          {spoken && <Hidden>removed: </Hidden>}
          {text}
        </del>
      );
  }
}
