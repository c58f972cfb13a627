namespace Mayu.Core.Ignition.Checks;

/// <summary>The section <c>ignition</c>: further configs, certificates and proxies.</summary>
internal static class IgnitionChecks
{
    /// <summary>Checks the section.</summary>
    public static void Check(ConfigObject? ignition, Checker checker)
    {
        foreach (var list in new[] { "merge", "append" })
        {
            CheckSources(ignition?.Object("config"), list, checker);
        }

        CheckSources(ignition?.Object("security")?.Object("tls"), "certificateAuthorities", checker);
        if (ignition?.Object("config")?.Object("replace") is { } replace)
        {
            ResourceChecks.Check(replace, checker);
        }

        foreach (var key in new[] { "httpProxy", "httpsProxy" })
        {
            if (ignition?.Object("proxy")?[key] is ConfigText proxy && Urls.HttpFault(proxy.Text, "a proxy") is { } fault)
            {
                checker.Fault(proxy, fault);
            }
        }
    }

    private static void CheckSources(ConfigObject? section, string list, Checker checker)
    {
        foreach (var item in section?.Objects(list) ?? [])
        {
            ResourceChecks.Check(item, checker);
            if (!item.HasText("source"))
            {
                checker.Fault(item, "source", "it is missing: write where it is fetched from");
            }
        }
    }
}
