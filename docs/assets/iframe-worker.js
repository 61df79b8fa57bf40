// A book in a folder: browsers start no workers from files, so the search of the theme gets a frame that behaves like one.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = Object.assign(document.createElement("iframe"), { hidden: true })
      document.body.append(frame)
      const inner = frame.contentWindow
      const load = source => new Promise((loaded, failed) => {
        const script = inner.document.createElement("script")
        Object.assign(script, { src: source, onload: loaded, onerror: failed })
        inner.document.body.append(script)
      })
      inner.importScripts = (...sources) => sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve())
      inner.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      this.ready = load(new URL(url, location.href)).then(() => inner)
    }

    postMessage(data) {
      this.ready.then(inner => inner.dispatchEvent(new inner.MessageEvent("message", { data })))
    }
  }
}
