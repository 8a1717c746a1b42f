// Which screens are asked, by what was answered before: the same walk as app/assessments/branches.py.
function createBranches(form) {
  const told = JSON.parse(form.dataset.known || "{}"); // by name; NaN and null say nothing
  let gates = []; // names on which something depends

  function look(screens) {
    gates = [];
    screens.filter(screen => screen.dataset.show).forEach(screen => {
      namesIn(JSON.parse(screen.dataset.show)).forEach(item => gates.push(codeOf(screen) + "." + item));
    });
  }

  // Whether the answer to this screen is needed and not known: it lies sealed, or somewhere else.
  function misses(screen) { return gates.includes(screen.dataset.name) && !(screen.dataset.name in told); }

  // Whether other screens may come or go with it.
  function learn(screen, said) {
    const name = screen.dataset.name;
    told[name] = said.refused ? Number(screen.dataset.refusal) : said.value;
    return gates.includes(name);
  }

  function forget(screen) { delete told[screen.dataset.name]; }

  function asked(screens) {
    const values = {}; // instrument → item → number
    Object.keys(told).forEach(name => put(values, name, told[name]));
    return screens.filter(screen => {
      const { name, show, hidden } = screen.dataset;
      const isAsked = !show || holds(JSON.parse(show), values[codeOf(screen)] || {});
      if (!isAsked) put(values, name, Number(hidden));
      return isAsked;
    });
  }

  return { asked, forget, learn, look, misses };
}

function put(values, name, value) {
  const [code, item] = name.split(".");
  (values[code] = values[code] || {})[item] = value;
}

function codeOf(screen) { return screen.dataset.name.split(".")[0]; }

function namesIn(data) {
  if (!Array.isArray(data)) return [];
  return data[0] === "get" ? [data[1]] : [].concat(...data.slice(1).map(namesIn));
}
