/** What the widget API sends and the modules pass to each other; global to the modules here. */

interface Choice {
  title: string;
  payload: string;
  description?: string;
}

/** What an answer may look like; dates are ISO, sizes bytes */
interface Constraints {
  min?: number;
  max?: number;
  minlength?: number;
  maxlength?: number;
  earliest?: string;
  latest?: string;
  /** Media types and endings */
  accept?: string[];
  max_bytes?: number;
  multiple?: boolean;
  multiline?: boolean;
  /** What may be chosen; `value` is a code */
  choices?: { title: string; value: string }[];
}

interface Question {
  field: string;
  /** Which control fits */
  type: string;
  section?: string;
  label?: string;
  /** Labels of the parts of a question with several fields */
  labels?: Record<string, string>;
  required?: boolean;
  constraints?: Constraints;
  /** Why the last answer was not taken */
  error?: string;
}

/** A line of a quote; amounts are euro with two decimals */
interface QuoteLine {
  item: string;
  title?: string;
  annual: string;
  per_instalment: string;
}

interface Quote {
  tariff: string;
  frequency: string;
  instalments_per_year: number;
  lines: QuoteLine[];
  total_per_instalment: string;
  sum_of_instalments: string;
  provisional?: boolean;
  /** Sentences that show the computation */
  trace?: unknown[];
}

interface QuoteCard {
  type: "quote";
  notes?: string[];
  quote: Quote;
  title?: string;
}

interface ComparisonRow {
  product: string;
  deductible?: string | null;
  title: string;
  total: string;
  /** Takes this row */
  payload: string;
  current?: boolean;
}

interface ComparisonCard {
  type: "comparison";
  notes?: string[];
  frequency: string;
  rows: ComparisonRow[];
}

interface ReviewRow {
  field: string;
  label: string;
  value: string;
  change?: string;
}

interface ReviewSection {
  section: string;
  title: string;
  rows: ReviewRow[];
}

interface ReviewCard {
  type: "review";
  notes?: string[];
  sections: ReviewSection[];
  quote?: Quote | null;
}

/** The questions in full stand in the messages before it */
interface AnswersCard {
  type: "answers";
  notes?: string[];
  title: string;
  pdf?: boolean;
}

interface DocumentRow {
  kind: string;
  label: string;
  state: "received" | "outstanding" | "missing";
}

interface DocumentsCard {
  type: "documents";
  notes?: string[];
  rows: DocumentRow[];
}

interface DoneCard {
  title?: string;
  type: "done";
  notes?: string[];
  reference: string;
  pdf?: boolean;
  next_steps?: string[];
}

type Card = QuoteCard | ComparisonCard | ReviewCard | AnswersCard | DocumentsCard | DoneCard;

/** A message as the API sends it; `sender` and `id` only in the history */
interface Message {
  text?: string;
  choices?: Choice[];
  question?: Question | null;
  card?: Card | null;
  sender?: "user" | "bot";
  id?: string | null;
  /** ISO time */
  at?: string;
}

interface Progress {
  section: string | null;
  title: string | null;
  answered: number;
  total: number;
}

interface State {
  /** Open, ended, submitted, cancelled or erased */
  status?: string;
  progress?: Progress | null;
  quote?: Quote | null;
  reference?: string | null;
  outstanding_documents?: string[];
}

interface Turn {
  messages: Message[];
  state: State;
}

type Delivery = "waiting" | "sending" | "delivered" | "failed";

/** What a person sends; exactly one of text, choice and file */
interface Outgoing {
  /** Chosen here, so that a retry is no second message */
  id: string;
  /** What the person sees as their message */
  shown: string;
  text?: string;
  choice?: string;
  file?: File;
  /** Kind of the file */
  kind?: string;
}

/** One message of the conversation as it is shown */
interface Entry {
  key: number;
  sender: "user" | "bot";
  message: Message;
  at: Date | null;
  id?: string;
  delivery?: Delivery;
  /** Why it was not delivered, in words */
  problem?: string;
  /** Sending the same again would not help */
  final?: boolean;
  /** How much of a file is uploaded, 0 to 1 */
  share?: number;
  outgoing?: Outgoing;
}

/** What stands under the last message to answer it with */
interface Control {
  node: HTMLElement;
  /** Focuses a field without scrolling: what was said before it is read first */
  focus: () => void;
  /** What was typed */
  values: () => Record<string, string>;
  restore: (values: Record<string, string>) => void;
  fail: (message: string) => void;
}

/** What can be answered now. */
interface Open {
  question: Question | null;
  /** Those of the question */
  choices: Choice[];
  /** Those of other messages of the same turn */
  asides: Choice[];
}

/** How a control passes an answer on */
interface Answering {
  text: (text: string) => void;
  choose: (choice: Choice) => void;
  upload: (files: File[]) => void;
}

type Labels = typeof import("./labels.de.js").default;

/** One field of a control. */
interface Field {
  name: string;
  label: string;
  hint?: string;
  type?: "text" | "tel" | "email" | "checkbox";
  look?: "short" | "half" | "code";
  multiline?: boolean;
  /** Offers a calendar with these limits */
  calendar?: { earliest?: string; latest?: string };
  /** Rewrites what is typed while it is typed */
  format?: (typed: string) => string;
  attributes?: Record<string, unknown>;
}

type Values = Record<string, string>;

interface Problem {
  field: string;
  message: string;
}

/** A control made of fields. */
interface Form {
  /** Label of the whole question */
  label: string;
  fields: Field[];
  /** Finds what is certainly wrong */
  check: (values: Values) => Problem | null;
  /** The answer in words that the assistant reads */
  text: (values: Values) => string;
  suggestions?: string[];
}

/** What a card needs. */
interface CardContext {
  labels: Labels;
  choose: (choice: Choice) => void;
  savePdf: () => Promise<void>;
}
