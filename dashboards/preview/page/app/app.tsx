import { ThemeContext } from "@grafana/data";
import { GlobalStyles, PortalContainer } from "@grafana/ui";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { PreviewDataSource } from "../../api.js";
import { DashboardPage } from "./dashboard-page.js";
import { Navigation } from "./navigation.js";
import { Notice } from "./notice.js";
import { Problems } from "./problems.js";
import { tellPage } from "./ready.js";
import { useServerState } from "./server-state.js";
import { applyTheme, rememberTheme, themeOf } from "./theme.js";
import { go, useAddress } from "./use-address.js";
import { useNavigation } from "./use-navigation.js";

/** The whole page. */
export function App() {
  const address = useAddress();
  const { state, lost } = useServerState();
  const theme = useMemo(() => themeOf(address.theme), [address.theme]);
  const navigation = useNavigation();
  const sources = useStable(state?.dataSources);
  const uid = address.uid ?? state?.home ?? state?.dashboards[0]?.uid;
  useLayoutEffect(() => applyTheme(theme), [theme]);
  // A page without a dashboard is all there, too.
  const isBare = state !== undefined && uid === undefined;
  useEffect(() => {
    if (isBare) tellPage(true);
  }, [isBare]);
  const switchTheme = () => {
    const mode = theme.isDark ? "light" : "dark";
    rememberTheme(mode);
    go({ theme: mode }, { replace: true });
  };
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div className="page">
        {!address.kiosk && navigation.open && (
          <Navigation
            state={state}
            uid={uid}
            address={address}
            isDark={theme.isDark}
            onSwitchTheme={switchTheme}
          />
        )}
        <main className="main">
          {lost && (
            <Notice severity="warning" title="The preview's server doesn't answer">
              What is shown is as it was. Is <code>obs dashboards preview</code> still running? The page goes
              on by itself when it is back.
            </Notice>
          )}
          {state && <Problems problems={state.problems} dashboards={state.dashboards} />}
          {state && uid !== undefined && sources && (
            <DashboardPage
              key={uid}
              uid={uid}
              state={state}
              sources={sources}
              address={address}
              onNavigate={navigation.toggle}
            />
          )}
          {isBare && (
            <Notice severity="info" title="No dashboards yet">
              {state.problems.length > 0
                ? "They appear here as soon as the problems above are gone."
                : "Give the definition some: dashboards: allDashboards() in obs.config.ts."}
            </Notice>
          )}
        </main>
        <PortalContainer />
      </div>
    </ThemeContext.Provider>
  );
}

/** The same list as long as nothing in it changes: panels ask again when it does. */
function useStable(
  sources: readonly PreviewDataSource[] | undefined,
): readonly PreviewDataSource[] | undefined {
  const last = useRef<readonly PreviewDataSource[]>(undefined);
  if (JSON.stringify(last.current) !== JSON.stringify(sources)) last.current = sources;
  return last.current;
}
