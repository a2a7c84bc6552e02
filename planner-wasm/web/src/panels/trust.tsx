import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Badge, Chevron, Prose, Sign } from "../a11y/parts.tsx";
import { StatementDiff } from "../diff/statement.tsx";
import type { Text, TrustPolicy, TrustRow } from "../engine.ts";
import { loaded } from "../state/input.ts";
import { toggled } from "../state/sets.ts";
import { onlyChangedPolicies, openPolicies } from "../state/view.ts";
import { classLooks, trustTones } from "../words.ts";

const quiet = new Set(["unchanged", "rewritten"]);

/** The trust policy of every binding and role, before and after. */
export function Trust(): JSX.Element {
  const all = loaded.value?.trust ?? [];
  const changed = all.filter(({ status }) => !quiet.has(status));
  const others = onlyChangedPolicies.value ? [] : all.filter(({ status }) => quiet.has(status));
  return (
    <section aria-labelledby="trust-title">
      <h2 id="trust-title" class="hidden">
        Trust policies
      </h2>
      {all.length === 0 ? (
        <div class="nothing">
          <p>No binding and no IAM role is in this plan.</p>
        </div>
      ) : (
        <div class="toolbar">
          <p class="lead">
            {changed.length} of {all.length} {all.length === 1 ? "trust policy changes" : "trust policies change"} in
            meaning.
          </p>
          <label class="check">
            <input
              type="checkbox"
              checked={onlyChangedPolicies.value}
              onChange={(event) => (onlyChangedPolicies.value = event.currentTarget.checked)}
            />
            Only these
          </label>
        </div>
      )}
      <ul class="policies">
        {[...changed, ...others].map((row) => (
          <Policy key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Policy({ row }: { row: TrustRow }): JSX.Element {
  const open = openPolicies.value.has(row.id);
  return (
    <li class={`policy ${trustTones[row.status]}`}>
      <h3>
        <button
          type="button"
          class="row"
          id={`policy-${row.id}`}
          data-stop
          aria-expanded={open}
          onClick={() => (openPolicies.value = toggled(openPolicies.value, row.id))}
        >
          <Sign look={classLooks[row.class]} />
          <span class="address">{row.address}</span>
          <span class="holder">{row.holder}</span>
          <Badge tone={trustTones[row.status]}>{row.verdict}</Badge>
          <Chevron />
        </button>
      </h3>
      {open && <OpenPolicy row={row} />}
    </li>
  );
}

const views = ["statements", "json"] as const;

function OpenPolicy({ row }: { row: TrustRow }): JSX.Element {
  const [view, setView] = useState<(typeof views)[number]>("statements");
  const answer = loaded.value?.plan.trustPolicy(row.id);
  if (answer?.type !== "success") {
    return <p class="detail">{answer?.failure.summary}</p>;
  }
  const policy = answer.value;
  return (
    <div class="detail">
      <div class="policy-head">
        <Size policy={policy} />
        <fieldset class="views">
          <legend class="hidden">View</legend>
          {views.map((one) => (
            <label key={one}>
              <input type="radio" name={`view-${row.id}`} checked={view === one} onChange={() => setView(one)} />
              {one === "json" ? "JSON" : "Statements"}
            </label>
          ))}
        </fieldset>
      </div>
      {policy.remarks.length > 0 && (
        <p class="remark">
          <Prose text={policy.remarks.join(" ")} />
        </p>
      )}
      {view === "statements" ? (
        <ul class="statements">
          {policy.statements.map((statement, index) => (
            // Statements have no identity but their place.
            <StatementDiff key={index} statement={statement} />
          ))}
        </ul>
      ) : (
        <div class="sides">
          <Side title="Before" text={policy.before} />
          <Side title="After" text={policy.after} />
        </div>
      )}
    </div>
  );
}

function Size({ policy }: { policy: TrustPolicy }): JSX.Element {
  const sizes = [policy.before, policy.after].filter((side) => side !== null).map(({ size }) => size);
  const told = [...new Set(sizes)].map((size) => size.toLocaleString("en")).join(" → ");
  return (
    <p class="quiet">
      <code>{policy.attribute}</code>
      {told !== "" && <>, {told} characters</>}
    </p>
  );
}

function Side({ title, text }: { title: string; text: Text | null }): JSX.Element {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      {text ? <pre tabIndex={0}>{text.json}</pre> : <p class="quiet">Nothing to show.</p>}
    </figure>
  );
}
