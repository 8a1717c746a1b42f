// Sealed answers rest here until the server has said that they are stored. The page and its worker
// share this file; neither can open again what lies here.

function openBox() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("xinqiao", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = asked.onblocked = () => reject(asked.error);
  });
}

function inBox(mode, work) {
  return openBox().then(box => new Promise((resolve, reject) => {
    const turn = box.transaction("outbox", mode, { durability: "strict" });
    const asked = work(turn.objectStore("outbox"));
    turn.oncomplete = () => { box.close(); resolve(asked && asked.result); };
    turn.onabort = () => { box.close(); reject(turn.error); };
  }));
}

function listBox() { return inBox("readonly", store => store.getAll()); }

function putInBox(envelope) { return inBox("readwrite", store => { store.add(envelope); }); }

function takeFromBox(ids) {
  return listBox().then(all => {
    const gone = all.filter(one => ids.includes(one.id));
    return gone.length && inBox("readwrite", store => { gone.forEach(one => store.delete(one.n)); });
  });
}

// Sends everything in the order in which it was said, whoever's it is: each envelope holds its own
// ticket. Resolves with the receipt; what is safe is taken out. Held is what the box had no room for.
function deliverBox(held) {
  return listBox().catch(() => []).then(all => {
    const sealed = all.concat(held).slice(0, 500).map(one => ({ id: one.id, to: one.to, data: one.data }));
    if (!sealed.length) return { stored: [], conflicts: [] };
    const body = JSON.stringify({ sent: Date.now(), sealed });
    return fetch("/s/sealed", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
      keepalive: body.length < 60000 // browsers refuse more
    }).then(response => {
      if (!response.ok && response.status !== 409) throw new Error(response.status);
      return response.json();
    }).then(receipt => takeFromBox(safeIn(receipt)).catch(() => 0).then(() => receipt));
  });
}

// A conflict is a receipt too: both contents are kept.
function safeIn(receipt) { return receipt.stored.concat(receipt.conflicts); }
