// Sealed answers rest here until the server has said that they are stored. The page and its worker
// share this file; neither can open again what lies here. Beside an envelope of a slip's sitting stands
// which question it answers: that stays when the envelope has arrived, until the sitting is over.

// Some browsers never say whether they have a store: so many ms are waited, the next time fewer.
const AT_FIRST = 3000;
const ONCE_SILENT = 300;
let slack = AT_FIRST;

function openBox() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("xinqiao", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => reject(asked.error);
  });
}

function inBox(mode, work) {
  let timer = 0;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => { slack = ONCE_SILENT; reject(new Error("no reply")); }, slack);
  });
  const replied = () => { clearTimeout(timer); slack = AT_FIRST; };
  const turn = takeTurn(mode, work);
  turn.then(replied, replied);
  return Promise.race([turn, silence]);
}

function takeTurn(mode, work) {
  return openBox().then(box => new Promise((resolve, reject) => {
    const turn = box.transaction("outbox", mode, { durability: "strict" });
    const asked = work(turn.objectStore("outbox"));
    turn.oncomplete = () => { box.close(); resolve(asked && asked.result); };
    turn.onabort = () => { box.close(); reject(turn.error); };
  }));
}

function listBox() { return inBox("readonly", store => store.getAll()); }

// In one turn, so that nothing comes between the look and the change.
function changeBox(work) {
  return inBox("readwrite", store => {
    const asked = store.getAll();
    asked.onsuccess = () => {
      try { work(asked.result, store); } catch (error) { store.transaction.abort(); }
    };
  });
}

// Sees to it that all of these lie here, in their order. Browsers throw stores away: what is missing,
// and whatever of these was said after it, is put in anew.
function keepInBox(own) {
  return changeBox((all, store) => {
    const first = own.findIndex(one => !all.some(other => other.id === one.id));
    if (first < 0) return;
    const again = own.slice(first);
    again.forEach(one => store.add(one));
    all.filter(one => again.some(other => other.id === one.id)).forEach(one => store.delete(one.n));
  });
}

function takeFromBox(ids) {
  return changeBox((all, store) => all.filter(one => ids.includes(one.id)).forEach(({ n, id, to, of, name }) => {
    if (name) store.put({ n, id, to, of, name });
    else store.delete(n);
  }));
}

// What is sealed stays, and nothing beside it.
function forgetMarks(isGone = () => true) {
  return changeBox((all, store) => all.filter(one => one.of && isGone(one)).forEach(({ n, id, to, data }) => {
    if (data) store.put({ n, id, to, data });
    else store.delete(n);
  })).catch(() => 0);
}

// Sends everything in the order in which it was said, whoever's it is: each envelope holds its own
// ticket. Resolves with the receipt; what is safe is taken out. Own is what the page has sealed,
// whether or not the box has it still.
function deliverBox(own) {
  return listBox().catch(() => []).then(all => {
    const sealed = merge(all.filter(one => one.data), own).map(one => ({ id: one.id, to: one.to, data: one.data }));
    return deliver(sealed, { stored: [], conflicts: [], refused: [] });
  });
}

const PORTION = 500; // envelopes in one request

// As many at a time as the server takes. What it refuses stays in the box, and holds up nothing behind it.
function deliver(sealed, receipt) {
  if (!sealed.length) return Promise.resolve(receipt);
  const body = JSON.stringify({ sent: Date.now(), sealed: sealed.slice(0, PORTION) });
  return fetch("/s/sealed", {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json" },
    credentials: "omit",
    keepalive: body.length < 60000 // browsers refuse more
  }).then(response => {
    if (!response.ok && response.status !== 409) throw new Error(response.status);
    return response.json();
  }).then(part => takeFromBox(safeIn(part)).catch(() => 0).then(() => {
    Object.keys(receipt).forEach(kind => { receipt[kind] = receipt[kind].concat(part[kind] || []); });
    return deliver(sealed.slice(PORTION), receipt);
  }));
}

// The box with what it lost, each of these before those that were said after it.
function merge(all, own) {
  const left = own.slice();
  const before = one => left.splice(0, 1 + left.findIndex(other => other.id === one.id));
  return [].concat(...all.map(one => own.some(other => other.id === one.id) ? before(one) : one), left);
}

// A conflict is a receipt too: both contents are kept.
function safeIn(receipt) { return receipt.stored.concat(receipt.conflicts); }
