import quickstart from "../../../tests/corpus/plans/quickstart/plan.json?raw";
import migration from "../samples/migration.json?raw";

export interface Sample {
  readonly title: string;
  readonly name: string;
  readonly text: string;
}

export const samples: readonly Sample[] = [
  { title: "Many kinds of changes", name: "migration.json", text: migration },
  { title: "The quickstart's change of mode", name: "quickstart.json", text: quickstart },
];
