import { Icon } from "@grafana/ui";
import type { State } from "../../api.js";
import { type Address, writeAddress } from "./address.js";

interface NavigationProps {
  state: State | undefined;
  uid: string | undefined;
  address: Address;
  isDark: boolean;
  onSwitchTheme(): void;
}

/** The dashboards, and the stack they are of. */
export function Navigation({ state, uid, address, isDark, onSwitchTheme }: NavigationProps) {
  const { from, to, refresh, theme, timezone } = address;
  // The time that is looked at goes along; choices are each dashboard's own.
  const linkTo = (target: string) =>
    writeAddress({ uid: target, from, to, refresh, theme, timezone, variables: {} });
  const down = state?.dataSources.filter((each) => each.state === "down") ?? [];
  return (
    <nav className="navigation" aria-label="Dashboards">
      <div className="navigation-content">
        <a className="brand" href={state?.home === undefined ? "/" : linkTo(state.home)}>
          <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
            <path fill="none" stroke="currentColor" strokeWidth="2" d="M1 11l4-5 4 4 6-8" />
          </svg>
          <span>{state?.stack ?? "obs"}</span>
        </a>
        <ul>
          {state?.dashboards.map(({ uid: each, title, description }) => (
            <li key={each}>
              <a href={linkTo(each)} title={description} aria-current={each === uid ? "page" : undefined}>
                <Icon name={each === state.home ? "home-alt" : "apps"} size="sm" />
                <span>{title}</span>
              </a>
            </li>
          ))}
        </ul>
        <div className="navigation-foot">
          {down.map(({ uid: each, name, why }) => (
            <div key={each} className="store-down" title={why}>
              <Icon name="exclamation-triangle" size="sm" /> {name} is down
            </div>
          ))}
          <div className="navigation-version">
            <span>Preview · obs {state?.version}</span>
            <button
              type="button"
              className="theme-switch"
              aria-label={isDark ? "Light theme" : "Dark theme"}
              title={isDark ? "Light theme" : "Dark theme"}
              onClick={onSwitchTheme}
            >
              <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <circle cx="8" cy="8" r="6.500" fill="none" stroke="currentColor" strokeWidth="1.500" />
                <path d="M8 1.500a6.500 6.500 0 0 1 0 13z" fill="currentColor" />
              </svg>
            </button>
          </div>
        </div>
      </div>
    </nav>
  );
}
