import migration from "../samples/migration.json?raw";

export interface Sample {
  readonly title: string;
  readonly name: string;
  readonly text: string;
}

export const samples: readonly Sample[] = [
  { title: "From IRSA to Pod Identity", name: "migration.json", text: migration },
];
