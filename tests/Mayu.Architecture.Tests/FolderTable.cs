namespace Mayu.Architecture.Tests;

/// <summary>
/// The folders of each project, and which others each may know; "" is the project's own folder. An arrow that is not here is a decision:
/// does the type stand in the right folder?
/// </summary>
internal static class FolderTable
{
    public static readonly Dictionary<string, Dictionary<string, string[]>> Projects = new(StringComparer.Ordinal)
    {
        ["Mayu.Primitives"] = new(StringComparer.Ordinal) { [""] = [] },
        ["Mayu.Linux"] = new(StringComparer.Ordinal)
        {
            [""] = [],
            ["Files"] = [""],
            ["Sockets"] = [],
            ["Processes"] = ["Sockets"],
        },
        ["Mayu.Protocols"] = new(StringComparer.Ordinal)
        {
            ["Net"] = [],
            ["Arp"] = [],
            ["Syslog"] = [],
            ["Tftp"] = [],
            ["Dhcp"] = ["Net"],
            ["Pxe"] = ["Dhcp", "Net"],
        },
        ["Mayu.Core"] = new(StringComparer.Ordinal)
        {
            ["Addresses"] = [],
            ["Json"] = [],
            ["Yaml"] = [],
            ["Machines"] = ["Addresses"],
            ["Selection"] = ["Machines"],
            ["Inventory"] = ["Machines", "Selection"],
            ["Profiles"] = ["Addresses", "Machines"],
            ["Identity"] = ["Machines"],
            ["Assignment"] = ["Addresses", "Identity", "Machines", "Profiles"],
            ["Boot"] = ["Identity", "Machines", "Profiles"],
            ["Ignition"] = ["Yaml"],
            ["Ignition/Checks"] = ["Ignition", "Json"],
            ["Butane"] = ["Ignition", "Yaml"],
            ["Ignition/Output"] = ["Butane", "Ignition", "Ignition/Checks", "Json", "Yaml"],
            ["Rendering"] = ["Yaml"],
            ["Provisioning"] = ["Addresses", "Butane", "Ignition", "Ignition/Output", "Json", "Machines", "Profiles", "Rendering", "Yaml"],
        },
        ["Mayu.Storage"] = new(StringComparer.Ordinal)
        {
            ["Disk"] = [],
            ["Records"] = [],
            ["Folders"] = ["Disk", "Records"],
            ["Git"] = ["Disk", "Folders", "Records"],
            ["Plain"] = ["Disk", "Folders"],
        },
        ["Mayu.Netboot"] = new(StringComparer.Ordinal)
        {
            ["Net"] = [],
            ["Files"] = [],
            ["Leases"] = ["Net"],
            ["Loaders"] = ["Files"],
            ["Syslog"] = ["Net"],
            ["Tftp"] = ["Files", "Net"],
            ["Dhcp"] = ["Leases", "Loaders", "Net"],
            ["DhcpSockets"] = ["Dhcp", "Leases", "Net"],
            ["ProxyDhcp"] = ["Dhcp", "DhcpSockets", "Leases", "Loaders", "Net"],
            ["Explain"] = ["Dhcp"],
            ["Dnsmasq"] = ["Dhcp", "Explain", "Leases", "Loaders", "Net", "Tftp"],
            ["Engines"] = ["Dhcp", "DhcpSockets", "Dnsmasq", "Explain", "Files", "Leases", "Loaders", "Net", "ProxyDhcp", "Syslog", "Tftp"],
        },
        ["Mayu.Server"] = new(StringComparer.Ordinal)
        {
            ["Http"] = [],
            ["Access"] = [],
            ["Configuration/Settings"] = [],
            ["Configuration"] = ["Access", "Configuration/Settings"],
            ["Files"] = [],
            ["Images"] = [],
            ["Service"] = [],
            ["ConfigViews"] = ["Configuration"],
            ["Import"] = ["Configuration", "Configuration/Settings", "ConfigViews"],
            ["Init"] = ["ConfigViews", "Configuration"],
            ["Auth"] = ["Access", "Configuration"],
            ["Secrets"] = ["Configuration", "Configuration/Settings"],
            ["EtcdDiscovery"] = ["Configuration", "Configuration/Settings"],
            ["Preview"] = ["Configuration", "EtcdDiscovery", "Files", "Images"],
            ["Preflight"] = ["Secrets", "Auth", "Configuration", "Configuration/Settings", "Images", "Preview"],
            ["Live"] = ["Configuration", "Configuration/Settings", "EtcdDiscovery", "Files", "Images"],
            ["Diff"] = ["Configuration", "Preview"],
            ["Reload"] = ["Configuration", "Live", "Preflight", "Preview", "Secrets", "Service"],
            ["Decisions"] = ["Images", "Live"],
            ["BootScripts"] = ["Auth", "Configuration", "Decisions", "Images", "Live"],
            ["BootHttp"] = ["Auth", "BootScripts", "Configuration", "Configuration/Settings", "Decisions", "EtcdDiscovery", "Http", "Images", "Live"],
            ["Watch"] = ["Decisions"],
            ["Explain"] = ["Auth", "BootHttp", "BootScripts", "Configuration", "Decisions", "Images"],
            ["Api/Queries"] = ["Http"],
            ["Api/Idempotency"] = ["Auth", "Http"],
            ["Api/Status"] = ["Auth", "Configuration/Settings", "Decisions", "Live", "Webhooks"],
            ["Api/Doctor"] = ["Access", "Api/Status", "Auth", "BootHttp", "Configuration", "Http", "Live", "Preflight", "Reload", "Secrets"],
            ["Api/Description"] = ["Access", "Auth", "Http"],
            ["Api/Machines"] = ["Access", "Api/Queries", "Auth", "Decisions", "Http", "Live", "Watch"],
            ["Api/Machines/Bulk"] = ["Access", "Api/Machines", "Auth", "Http", "Live"],
            ["Api/Events"] = ["Access", "Api/Machines", "Api/Queries", "Auth", "Http"],
            ["Webhooks"] = ["Api/Events", "Configuration/Settings", "Http"],
            ["Api/Legacy"] = ["Access", "Api/Machines", "Auth", "BootHttp", "Configuration", "Configuration/Settings", "Decisions", "Http", "Live"],
            ["Api/Inventory"] = ["Access", "Api/Queries", "Auth", "Http"],
            ["Api"] = ["Access", "Api/Description", "Api/Doctor", "Api/Events", "Api/Idempotency", "Api/Inventory", "Api/Legacy", "Api/Machines", "Api/Machines/Bulk", "Api/Queries", "Api/Status", "Auth", "BootHttp", "Configuration", "Configuration/Settings", "Decisions", "Explain", "Http", "Images", "Live", "Preflight", "Preview", "Reload", "Watch", "Webhooks"],
            [""] = ["Api", "Api/Status", "Auth", "BootHttp", "BootScripts", "Configuration", "Configuration/Settings", "ConfigViews", "Decisions", "Diff", "EtcdDiscovery", "Explain", "Files", "Http", "Import", "Init", "Live", "Preflight", "Preview", "Reload", "Secrets", "Service", "Watch", "Webhooks"],
        },
        ["Mayu.Client"] = new(StringComparer.Ordinal)
        {
            ["Contracts"] = [],
            ["Text"] = [],
            ["Requests"] = ["Text"],
            ["Events"] = ["Contracts"],
            [""] = ["Contracts", "Events", "Requests", "Text"],
        },
        ["Mayu.Ctl"] = new(StringComparer.Ordinal)
        {
            ["Output"] = [],
            ["Simulate"] = [],
            ["Contexts"] = ["Output"],
            ["Report"] = [],
            ["CommandLine"] = ["Contexts", "Output"],
            ["Completion"] = ["CommandLine", "Contexts", "Output"],
            ["Selection"] = ["CommandLine", "Output"],
            ["Commands"] = ["CommandLine", "Commands/Events", "Completion", "Contexts", "Output", "Report", "Selection", "Simulate"],
            ["Commands/Events"] = ["CommandLine", "Output"],
            ["Commands/Inventory"] = ["CommandLine", "Output", "Selection"],
            ["Commands/Doctor"] = ["CommandLine", "Output", "Report"],
            ["Commands/Configs"] = ["CommandLine", "Output"],
            ["Commands/Webhooks"] = ["CommandLine", "Output"],
            [""] = ["CommandLine", "Commands", "Commands/Configs", "Commands/Doctor", "Commands/Events", "Commands/Inventory", "Commands/Webhooks", "Completion", "Output"],
        },
        ["Mayu.InfoPusher"] = new(StringComparer.Ordinal)
        {
            ["Facts"] = [],
            ["Http"] = ["Facts"],
            ["CommandLine"] = ["Http"],
            ["Push"] = ["Facts", "Http"],
            [""] = ["CommandLine", "Facts", "Http", "Push"],
        },
    };
}
