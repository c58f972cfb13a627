using System.Text;
using Mayu.Core.Ignition;

namespace Mayu.Core.Butane;

/// <summary>Makes the units that mount filesystems at each boot (<c>with_mount_unit</c>).</summary>
internal static class MountUnits
{
    private static readonly string[] Made = ["enabled", "contents"];

    /// <summary>Takes the filesystems of a config. What the config says of a unit of the same name stands before what is made here.</summary>
    public static void Take(ConfigObject config, IgnitionSpec spec, FaultList faults)
    {
        var made = new List<ConfigObject>();
        foreach (var filesystem in config.Object("storage")!.Objects("filesystems"))
        {
            if (filesystem.Flag("withMountUnit") == true && Problem(filesystem, spec) is { } problem)
            {
                faults.Add(filesystem.At("withMountUnit"), problem);
            }
            else if (filesystem.Flag("withMountUnit") == true && filesystem.Text("device") is { } device && filesystem.Text("format") is { } format)
            {
                made.Add(Unit(config, filesystem, device, format));
            }

            filesystem.Remove("withMountUnit");
        }

        if (made.Count > 0)
        {
            Add(config.Section("systemd").ListOf("units").Items, made);
        }
    }

    private static string? Problem(ConfigObject filesystem, IgnitionSpec spec) =>
        !filesystem.HasText("format") ? "a mount unit needs the format of the filesystem: write format"
        : filesystem.Text("format") == "none" ? "with format: none there is no filesystem that a unit could mount: leave with_mount_unit out"
        : filesystem.Text("format") == "swap" ? (spec < new IgnitionSpec(3, 3) ? "a unit for swap is made from version 1.4.0 of fcos on: write the unit among systemd.units" : null)
        : filesystem.Texts("mountOptions").Select(option => option.Text).Append(filesystem.Text("device")).Append(filesystem.Text("path")).Any(text => text?.EndsWith('\\') == true)
            ? "a unit's line that ends with a backslash goes on in the next one: write the unit among systemd.units"
        : !filesystem.HasText("path") ? "a mount unit needs the path to mount at: write path"
        : null;

    private static void Add(List<ConfigValue> units, List<ConfigObject> made)
    {
        foreach (var unit in made)
        {
            if (units.OfType<ConfigObject>().FirstOrDefault(own => own.Text("name") == unit.Text("name")) is not { } given)
            {
                continue;
            }

            foreach (var key in Made.Where(key => !given.Has(key)))
            {
                given.Set(key, unit[key]!);
            }
        }

        var names = units.OfType<ConfigObject>().Select(unit => unit.Text("name")).ToHashSet();
        units.InsertRange(0, made.Where(unit => !names.Contains(unit.Text("name"))));
    }

    private static ConfigObject Unit(ConfigObject config, ConfigObject filesystem, string device, string format)
    {
        var isSwap = format == "swap";
        var options = filesystem.Texts("mountOptions").Select(option => option.Text).ToList();
        var isRemote = IsRemote(config, device);
        if (isRemote)
        {
            options.Add("_netdev");
        }

        var place = filesystem.At("withMountUnit").Place;
        var lines = isSwap
            ? new List<string> { "[Swap]", $"What={Setting(device)}" }
            : ["[Unit]", $"Requires=systemd-fsck@{Escaped(device)}.service", $"After=systemd-fsck@{Escaped(device)}.service", "", "[Mount]",
                $"Where={Setting(filesystem.Text("path")!)}", $"What={Setting(device)}", $"Type={Setting(format)}"];
        if (options.Count > 0)
        {
            lines.Add($"Options={Setting(string.Join(',', options))}");
        }

        lines.AddRange(["", "[Install]", $"RequiredBy={(isSwap ? "swap" : isRemote ? "remote-fs" : "local-fs")}.target"]);
        var unit = new ConfigObject(place, config.Section("systemd").Type["units"]!.Object!);
        unit.Set("name", new ConfigText(place, Escaped(isSwap ? device : filesystem.Text("path")!) + (isSwap ? ".swap" : ".mount")));
        unit.Set("enabled", new ConfigFlag(place, true));
        unit.Set("contents", new ConfigText(place, string.Join('\n', lines.Prepend("# Made by Mayu of with_mount_unit").Append(""))));
        return unit;
    }

    // systemd.unit(5), SPECIFIERS.
    private static string Setting(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    // A volume whose key is on a Tang server can only be opened once there is a network.
    private static bool IsRemote(ConfigObject config, string device) => config.Object("storage")!.Objects("luks").Any(luks =>
        luks.Object("clevis")?.Objects("tang").Any() == true && (device == $"/dev/mapper/{luks.Text("name")}" || device == $"/dev/disk/by-id/dm-name-{luks.Text("name")}"));

    // systemd.unit(5), STRING ESCAPING FOR INCLUSION IN UNIT NAMES, of paths.
    private static string Escaped(string path)
    {
        var trimmed = string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        if (trimmed.Length == 0)
        {
            return "-";
        }

        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(trimmed))
        {
            _ = b == '/' ? text.Append('-')
                : (char.IsAsciiLetterOrDigit((char)b) || b is (byte)':' or (byte)'_' || (b == '.' && text.Length > 0)) ? text.Append((char)b)
                : text.Append("\\x").Append(b.ToString("x2"));
        }

        return text.ToString();
    }
}
