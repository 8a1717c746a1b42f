// Conditions of an instrument, evaluated in the browser: the same data as on the server
// (app/instruments/logic). What is unknown is NaN; truth is 1, falsehood 0.

const known = (calculate) => (...values) =>
  values.some(Number.isNaN) ? NaN : Number(calculate(...values));
const total = (values) => values.reduce((sum, value) => sum + value, 0);

const OPERATIONS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? NaN : a / b),
  neg: (a) => -a,
  "==": known((a, b) => a === b),
  "!=": known((a, b) => a !== b),
  "<": known((a, b) => a < b),
  "<=": known((a, b) => a <= b),
  ">": known((a, b) => a > b),
  ">=": known((a, b) => a >= b),
  in: known((a, ...choices) => choices.includes(a)),
  and: (...values) => (values.includes(0) ? 0 : values.some(Number.isNaN) ? NaN : 1),
  or: (...values) => (values.includes(1) ? 1 : values.some(Number.isNaN) ? NaN : 0),
  not: (a) => 1 - a,
  if: (condition, then, other) => (Number.isNaN(condition) ? NaN : condition ? then : other),
  sum: (...values) => total(values),
  mean: (...values) => total(values) / values.length,
  min: known(Math.min),
  max: known(Math.max),
  count: (...values) => total(values),
  answered: (...values) => values.filter((value) => !Number.isNaN(value)).length,
  abs: Math.abs,
  floor: Math.floor,
  round: (a) => Math.floor(a + 0.5),
  value_or: (a, b) => (Number.isNaN(a) ? b : a),
  chosen: (a, place) => Math.floor(a / 2 ** place) % 2,
};

// The value of `data`; `values` maps names to numbers, what it does not hold is unknown.
function evaluate(data, values) {
  if (!Array.isArray(data)) return data;
  const [operation, ...parts] = data;
  if (operation === "get") {
    const value = values[parts[0]];
    return typeof value === "number" ? value : NaN;
  }
  return OPERATIONS[operation](...parts.map((part) => evaluate(part, values)));
}

// Whether a condition holds; an unknown one does not.
const holds = (data, values) => evaluate(data, values) === 1;
