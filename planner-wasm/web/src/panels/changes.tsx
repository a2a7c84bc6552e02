import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chevron, Prose, Sign } from "../a11y/parts.tsx";
import { Nodes } from "../diff/nodes.tsx";
import type { Class, Group, Row } from "../engine.ts";
import { loaded } from "../state/input.ts";
import { toggled } from "../state/sets.ts";
import {
  closedGroups,
  collapseAll,
  expandAll,
  filterText,
  groupKey,
  groups,
  hiddenClasses,
  openPolicies,
  openRows,
  PAGE,
  tab,
} from "../state/view.ts";
import { classLooks, plural } from "../words.ts";

/** Every change of the plan, by module. */
export function Changes(): JSX.Element {
  const total = groups.value.reduce((sum, group) => sum + group.total, 0);
  // A large plan starts with its first rows; the rest is a press away.
  let left = PAGE;
  const shares = groups.value.map((group) => {
    const share = Math.min(group.total, left, PAGE);
    left -= share;
    return [group, share] as const;
  });
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title" class="hidden">
        Changes
      </h2>
      <Toolbar />
      <p class="hidden" role="status">
        {plural(total, "change")} shown
      </p>
      {shares.map(([group, share]) => (
        <GroupOfRows key={groupKey(group)} group={group} share={share} />
      ))}
      {total === 0 && <Nothing />}
    </section>
  );
}

function Nothing(): JSX.Element {
  const showAll = () => {
    filterText.value = "";
    hiddenClasses.value = new Set();
  };
  const filtered = filterText.value !== "" || hiddenClasses.value.size > 0;
  return (
    <div class="nothing">
      <p>No change to show.</p>
      {filtered && (
        <button type="button" onClick={showAll}>
          Show everything
        </button>
      )}
    </div>
  );
}

function Toolbar(): JSX.Element {
  const counts = loaded.value?.summary.counts ?? [];
  return (
    <div class="toolbar">
      <label class="filter">
        <span class="hidden">Filter by address, type or attribute</span>
        <input
          id="filter"
          type="search"
          placeholder="Filter by address, type or attribute"
          value={filterText.value}
          onInput={(event) => (filterText.value = event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </label>
      <fieldset class="chips">
        <legend class="hidden">Kinds of changes</legend>
        {counts.map(({ class: one, count }) => (
          <Chip key={one} of={one} count={count} />
        ))}
      </fieldset>
      <div class="all">
        <button type="button" class="plain" onClick={expandAll}>
          Expand all
        </button>
        <button type="button" class="plain" onClick={collapseAll}>
          Collapse all
        </button>
      </div>
    </div>
  );
}

function Chip({ of, count }: { of: Class; count: number }): JSX.Element {
  const look = classLooks[of];
  return (
    <button
      type="button"
      class={`chip ${look.tone}`}
      aria-pressed={!hiddenClasses.value.has(of)}
      onClick={() => (hiddenClasses.value = toggled(hiddenClasses.value, of))}
    >
      <span class="mark" aria-hidden="true">
        {look.sign}
      </span>
      {look.word} <span class="count">{count}</span>
    </button>
  );
}

const titles: Readonly<Record<Exclude<Group["kind"], "module">, string>> = {
  deferred: "Deferred",
  outputs: "Outputs",
  drift: "Changed outside of Terraform",
};

function title(group: Group): JSX.Element {
  if (group.kind !== "module") {
    return <>{titles[group.kind]}</>;
  }
  return group.module === "" ? <>Root module</> : <code>{group.module}</code>;
}

function GroupOfRows({ group, share }: { group: Group; share: number }): JSX.Element {
  const [asked, setAsked] = useState(0);
  const limit = share + asked;
  const key = groupKey(group);
  const open = !closedGroups.value.has(key);
  const answer = open ? loaded.value?.plan.rows(group.id, 0, limit) : undefined;
  const rows = answer?.type === "success" ? answer.value : [];
  const more = group.total - rows.length;
  return (
    <section class="group">
      <h3>
        <button
          type="button"
          class="group-title"
          aria-expanded={open}
          onClick={() => (closedGroups.value = toggled(closedGroups.value, key))}
        >
          <Chevron />
          <span class="title">{title(group)}</span>
          <span class="tally">
            {group.counts.map(([one, count]) => (
              <span key={one} class={classLooks[one].tone} title={`${count} ${classLooks[one].word}`}>
                <span aria-hidden="true">
                  {classLooks[one].sign}
                  {count}
                </span>
                <span class="hidden">
                  {count} {classLooks[one].word}
                </span>
              </span>
            ))}
          </span>
        </button>
      </h3>
      {open && (
        <ul class="rows">
          {rows.map((row) => (
            <Change key={row.id} row={row} />
          ))}
        </ul>
      )}
      {open && more > 0 && (
        <button type="button" class="more" onClick={() => setAsked(asked + PAGE)}>
          Show {Math.min(more, PAGE)} more of {group.total}
        </button>
      )}
    </section>
  );
}

function Change({ row }: { row: Row }): JSX.Element {
  const open = openRows.value.has(row.id);
  const look = classLooks[row.class];
  const because = row.reason ? `${row.class === "no_op" ? "" : "because "}${row.reason}` : undefined;
  return (
    <li class={`item ${look.tone}`}>
      <h4>
        <button
          type="button"
          class="row"
          data-stop
          aria-expanded={open}
          onClick={() => (openRows.value = toggled(openRows.value, row.id))}
        >
          <Sign look={look} />
          <span class="address">{row.name}</span>
          <span class="gist">
            <Prose text={row.gist} />
          </span>
          <Chevron />
        </button>
      </h4>
      {(because || row.remarks.length > 0) && (
        <p class="reason">
          {because && (
            <span>
              {look.word} <Prose text={because} />
            </span>
          )}
          {row.remarks.map((remark) => (
            <span key={remark}>
              <Prose text={remark} />
            </span>
          ))}
        </p>
      )}
      {open && <ChangeDetail row={row} />}
    </li>
  );
}

function ChangeDetail({ row }: { row: Row }): JSX.Element {
  const answer = loaded.value?.plan.detail(row.id);
  if (answer?.type !== "success") {
    return <p class="detail">{answer?.failure.summary}</p>;
  }
  const { nodes, steps, trust, provider } = answer.value;
  const showTrust = (id: number) => {
    openPolicies.value = new Set([...openPolicies.value, id]);
    tab.value = "trust";
    // It is there once its tab is rendered.
    requestAnimationFrame(() => {
      const policy = document.getElementById(`policy-${id}`);
      policy?.scrollIntoView({ block: "center" });
      policy?.focus();
    });
  };
  return (
    <div class="detail">
      {steps.length > 0 && (
        <div class="steps">
          <h5>What apply does</h5>
          <ol>
            {steps.map((step, index) => (
              <li key={`${index}${step}`}>
                <Prose text={step} />
              </li>
            ))}
          </ol>
        </div>
      )}
      <Nodes nodes={nodes} noun={row.class === "output" ? "value" : "attribute"} />
      <p class="provider">
        {provider}
        {trust !== null && (
          <button type="button" class="plain" onClick={() => showTrust(trust)}>
            Trust policy, statement by statement
          </button>
        )}
      </p>
    </div>
  );
}
