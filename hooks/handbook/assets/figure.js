(() => {
  "use strict"
  // A theme that loads pages without the browser runs this again: listeners of the document are registered once.
  const again = Boolean(window.handbook)
  const state = (window.handbook ??= { key: "handbook.environment" })
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]
  const make = (name, properties) => Object.assign(document.createElement(name), properties)
  // Storage may be forbidden, for instance by a browser's settings for files.
  const remembered = () => { try { return localStorage.getItem(state.key) } catch { return null } }
  const remember = name => { try { localStorage.setItem(state.key, name) } catch { /* then only this page knows */ } }

  const environments = () => {
    const orders = new Map(all(".handbook-panel").map(panel => [panel.dataset.environment, Number(panel.dataset.order)]))
    return [...orders.keys()].sort((one, other) => orders.get(other) - orders.get(one))
  }

  // Environments that are not shown lie in an attribute until somebody chooses them.
  const unpack = panel => {
    if (!panel?.dataset.content) return
    panel.innerHTML = decodeURIComponent(panel.dataset.content)
    delete panel.dataset.content
    for (const screen of all(".handbook-screen", panel)) addButtons(screen)
  }

  const show = name => {
    for (const figure of all(".handbook")) {
      const panels = all(".handbook-panel", figure)
      const wanted = panels.find(panel => panel.dataset.environment === name)
      unpack(wanted)
      for (const panel of panels) panel.hidden = panel !== (wanted ?? panels[0])
      for (const variant of all(".handbook-variant", figure)) variant.open = Boolean(wanted)
      for (const note of all(".handbook-elsewhere", figure)) note.hidden = Boolean(wanted)
    }
    focusable()
  }

  // The figure that the reader looks at stays where it is when those above it change their height.
  const showInPlace = name => {
    const tops = all(".handbook").map(figure => [figure, figure.getBoundingClientRect()])
    const begins = tops.find(([, box]) => box.top > 50 && box.top < innerHeight)
    const [anchor] = begins ?? tops.find(([, box]) => box.bottom > 50) ?? []
    const before = anchor?.getBoundingClientRect().top
    show(name)
    if (anchor) window.scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" })
  }

  const addSwitch = (names, chosen) => {
    const label = make("label", { className: "handbook-switch", title: "The environment whose outputs are shown" })
    const select = make("select")
    select.setAttribute("aria-label", "Show what was printed in")
    select.append(...names.map(name => new Option(name, name, false, name === chosen)))
    select.addEventListener("change", () => { remember(select.value); showInPlace(select.value) })
    label.append(make("span", { textContent: "printed in" }), select)
    const header = document.querySelector(".md-header__inner")
    const before = header?.querySelector(":scope > .md-header__option, :scope > .md-header__button[for=__search], :scope > .md-search")
    before ? before.before(label) : document.querySelector(".handbook").before(label)
  }

  const copied = async text => {
    try { return await navigator.clipboard.writeText(text) } catch { /* not in this browser, or not from a file */ }
    const area = make("textarea", { value: text })
    document.body.append(area)
    area.select()
    document.execCommand("copy")
    area.remove()
  }

  const icon = '<svg viewBox="0 0 20 20" aria-hidden="true"><rect x="7" y="7" width="10" height="10" rx="1.5"/><path d="M13 4H4.5A1.5 1.5 0 0 0 3 5.5V13"/></svg>'
  const addButton = (place, text, label, content) => {
    const button = make("button", { type: "button", className: "handbook-copy", title: label, innerHTML: content })
    button.setAttribute("aria-label", label)
    button.addEventListener("click", async () => {
      await copied(text)
      button.classList.add("done")
      button.setAttribute("aria-label", "Copied")
      setTimeout(() => { button.classList.remove("done"); button.setAttribute("aria-label", label) }, 1500)
    })
    place.append(button)
  }

  const addButtons = screen => {
    const commands = all(".handbook-command", screen)
    for (const command of commands) addButton(command.parentElement, command.dataset.copy ?? screen.dataset.copy, "Copy the command", icon)
    const line = screen.parentElement.querySelector(".handbook-provenance")
    if (!line || commands.length < 2) return
    line.append(" ")
    addButton(line, screen.dataset.copy, `Copy all ${commands.length} commands`, "copy\u00a0all")
  }

  // What scrolls can be scrolled with the keyboard.
  const focusable = () => {
    for (const box of all(".handbook-output")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
      else box.removeAttribute("tabindex")
    }
  }

  const light = event => {
    for (const value of all(".handbook-value.lit")) value.classList.remove("lit")
    const name = event.type === "pointerover" && event.target.closest?.(".handbook-value")?.dataset.value
    if (name) for (const value of all(`.handbook-value[data-value="${CSS.escape(name)}"]`)) value.classList.add("lit")
  }

  const start = () => {
    for (const screen of all(".handbook-screen[data-copy]:not(.ready)")) { screen.classList.add("ready"); addButtons(screen) }
    for (const old of all(".handbook-switch")) old.remove()
    const names = environments()
    const chosen = names.includes(remembered()) ? remembered() : names[0]
    if (names.length > 1) addSwitch(names, chosen)
    show(chosen)
    if (location.hash.startsWith("#figure-")) document.querySelector(location.hash)?.scrollIntoView()
  }

  if (!again) {
    for (const type of ["pointerover", "pointerout"]) document.addEventListener(type, light)
    const folds = () => all(".handbook-output details:not([open])")
    addEventListener("beforeprint", () => { for (const fold of folds()) { fold.open = true; fold.dataset.printed = "" } })
    addEventListener("afterprint", () => { for (const fold of all("[data-printed]")) { fold.open = false; delete fold.dataset.printed } })
  }
  start()
})()
