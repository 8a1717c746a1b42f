// What rests on this device is sealed to the server's key (app/platform/envelopes.py says how); the
// page that sealed it cannot open it again. Without WebCrypto nothing rests here: then this is null.
function createSealer(form) {
  const subtle = window.crypto && crypto.subtle;
  if (!subtle || !window.indexedDB) return null;
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const bytes = text => new TextEncoder().encode(text);
  const secret = Promise.resolve().then(() => Promise.all([
    subtle.generateKey(curve, false, ["deriveBits"]),
    subtle.importKey("raw", Uint8Array.from(atob(form.dataset.key), c => c.charCodeAt(0)), curve, false, [])
  ])).then(([own, server]) => Promise.all([
    subtle.exportKey("raw", own.publicKey),
    subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256)
      .then(shared => subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]))
  ])).then(([point, shared]) => {
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: point, info: bytes("xinqiao envelope 1") };
    return subtle.deriveKey(hkdf, shared, { name: "AES-GCM", length: 256 }, false, ["encrypt"])
      .then(key => ({ key, point: new Uint8Array(point) }));
  });

  return said => secret.then(({ key, point }) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const inside = { ticket: form.dataset.ticket, said };
    if (form.elements.assent && form.elements.assent.checked) inside.assent = "yes";
    const additionalData = bytes(form.dataset.to + "." + said.id);
    return subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, bytes(JSON.stringify(inside)))
      .then(sealed => [1, ...point, ...iv, ...new Uint8Array(sealed)])
      .then(all => btoa(String.fromCharCode.apply(null, all)))
      .then(data => Object.assign({ id: said.id, to: form.dataset.to, data }, said.name && !form.elements.visit && { of: inside.ticket, name: said.name }));
  });
}
