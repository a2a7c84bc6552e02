import type { JSX } from "preact";
import type { Summary } from "../engine.ts";
import { classLooks } from "../words.ts";

const tiles = ["create", "update", "replace", "delete"] as const;

/** What the plan does, at a glance. */
export function Verdict({ summary }: { summary: Summary }): JSX.Element {
  const count = (wanted: string) => summary.counts.find(({ class: one }) => one === wanted)?.count ?? 0;
  return (
    <section class="verdict" aria-label="Verdict">
      <p class="tiles" aria-hidden="true">
        {tiles.map((one) => (
          <span key={one} class={`tile ${count(one) === 0 ? "none" : classLooks[one].tone}`}>
            <span class="number">
              {classLooks[one].sign}
              {count(one)}
            </span>
            {classLooks[one].word}
          </span>
        ))}
      </p>
      <p class="sentence" role="status">
        {summary.verdict}
        {summary.completeness === "complete" ? "." : null}
      </p>
      {summary.caution && <p class={`caution ${summary.completeness}`}>{summary.caution}</p>}
    </section>
  );
}
