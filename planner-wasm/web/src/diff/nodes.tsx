// A value before and after, place by place.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chevron, Hidden, Sign } from "../a11y/parts.tsx";
import type { Leaf, Node } from "../engine.ts";
import { nodeLooks, plural } from "../words.ts";

interface Props {
  readonly nodes: readonly Node[];
  /** What the places are called when they are counted. */
  readonly noun: string;
}

/** Places that differ; those that do not are counted and can be opened. */
export function Nodes({ nodes, noun }: Props): JSX.Element {
  const [all, setAll] = useState(false);
  const differing = nodes.filter(({ status }) => status !== "unchanged");
  const unchanged = nodes.length - differing.length;
  // Alone, they need not be folded.
  const folded = unchanged > 0 && differing.length > 0;
  return (
    <>
      {nodes.length === 0 && <p class="quiet">Nothing to show.</p>}
      <ul class="nodes">
        {(all || !folded ? nodes : differing).map((node) => (
          <Place key={`${node.status} ${node.name}`} node={node} />
        ))}
      </ul>
      {folded && (
        <button type="button" class="fold" aria-expanded={all} onClick={() => setAll(!all)}>
          <Chevron />
          {plural(unchanged, `unchanged ${noun}`)}
        </button>
      )}
    </>
  );
}

function Place({ node }: { node: Node }): JSX.Element {
  return (
    <li class={`node ${nodeLooks[node.status].tone} ${node.status}`}>
      <div class="line">
        <Sign look={nodeLooks[node.status]} />
        {node.name !== "" && <span class="name">{node.name}</span>}
        <span class="values">
          <Values node={node} />
          {node.shape === "json" && <span class="tag">JSON</span>}
          {node.status === "reordered" && <span class="tag">order only</span>}
          {node.status === "rewritten" && <span class="tag">same content, written differently</span>}
          {node.forces_replacement && <span class="tag forces">forces replacement</span>}
        </span>
      </div>
      {node.children.length > 0 && (
        <div class="inside">
          <Nodes nodes={node.children} noun={node.shape === "list" ? "element" : "key"} />
        </div>
      )}
    </li>
  );
}

function Values({ node }: { node: Node }): JSX.Element | null {
  const { before, after, status, shape, children } = node;
  if (!before && !after) {
    const empty = shape === "list" ? "[ ]" : "{ }";
    return children.length === 0 ? <span class="literal">{empty}</span> : null;
  }
  const masked = before?.kind === "sensitive" && after?.kind === "sensitive";
  return (
    <>
      {before && (
        <del>
          <Hidden>before: </Hidden>
          <Value leaf={before} />
        </del>
      )}
      {status === "changed" && after && (
        <span class="arrow" aria-hidden="true">
          {before ? "→" : "⇒"}
        </span>
      )}
      {after &&
        (status === "unchanged" ? (
          <Value leaf={after} />
        ) : (
          <ins>
            {status === "changed" && <Hidden>after: </Hidden>}
            <Value leaf={after} />
          </ins>
        ))}
      {masked && <span class="tag">differs</span>}
    </>
  );
}

function Value({ leaf }: { leaf: Leaf }): JSX.Element {
  switch (leaf.kind) {
    case "string":
      return <span class="string">{leaf.text === "" ? '""' : leaf.text}</span>;
    case "sensitive":
      return (
        <span class="masked">
          <span aria-hidden="true">●●●●●●</span> {leaf.text}
        </span>
      );
    case "unknown":
      return <span class="unknown">{leaf.text}</span>;
    case "literal":
    case "null":
      return <span class="literal">{leaf.text}</span>;
  }
}
