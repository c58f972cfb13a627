using static Mayu.Core.Ignition.SpecKeys;

namespace Mayu.Core.Ignition;

/// <summary>
/// The objects of Ignition's specifications 3.0 to 3.6 (https://coreos.github.io/ignition/specs/) and what Butane's fcos and flatcar configs
/// have beside them (https://coreos.github.io/butane/specs/): the number behind a key is the minor version of spec 3 that it came with.
/// </summary>
internal static class Spec3Model
{
    private static readonly SpecObject Owner = new(Number("id"), Line("name"));

    private static readonly SpecObject Verification = new(Line("hash"));

    private static readonly SpecObject Header = new(Line("name"), Line("value"));

    // What is fetched into a file could be compressed from the beginning on, a config or a certificate since 3.1.
    private static readonly SpecObject FileContents = Resource(compressedSince: 0, inlineSince: 0);

    private static readonly SpecObject Reference = Resource(compressedSince: 1, inlineSince: 1);

    private static readonly SpecObject KeyFile = Resource(compressedSince: 2, inlineSince: 2);

    private static readonly SpecObject Ignition = new(
        Line("version") with { Only = Dialect.Ignition },
        Object("config", new SpecObject(Objects("merge", Reference, "source"), Object("replace", Reference))),
        Object("timeouts", new SpecObject(Number("httpResponseHeaders"), Number("httpTotal"))),
        Object("security", new SpecObject(Object("tls", new SpecObject(Objects("certificateAuthorities", Reference, "source"))))),
        Object("proxy", new SpecObject(Line("httpProxy", 1), Line("httpsProxy", 1), Lines("noProxy", 1)), 1));

    private static readonly SpecObject Partition = new(
        Line("label"), Number("number"), Number("sizeMiB"), Number("startMiB"), Line("typeGuid"), Line("guid"), Flag("wipePartitionEntry"),
        Flag("shouldExist") with { Neutral = true }, Flag("resize", 2));

    private static readonly SpecObject Disk = new(
        Line("device"), Flag("wipeTable"), Objects("partitions", Partition) with { Repeats = true });

    private static readonly SpecObject Raid = new(
        Line("name"), Line("level"), Lines("devices"), Number("spares"), Lines("options") with { Repeats = true });

    private static readonly SpecObject Filesystem = new(
        Line("device"), Line("format"), Line("path"), Flag("wipeFilesystem"), Line("label"), Line("uuid"), Lines("options") with { Repeats = true },
        Lines("mountOptions", 1) with { Repeats = true }, Flag("withMountUnit", 1) with { Only = Dialect.Butane });

    private static readonly SpecObject File = new(
        Line("path"), Flag("overwrite"), Object("contents", FileContents), Objects("append", FileContents) with { Repeats = true }, Mode("mode"),
        Object("user", Owner), Object("group", Owner));

    private static readonly SpecObject Directory = new(
        Line("path"), Flag("overwrite"), Mode("mode"), Object("user", Owner), Object("group", Owner));

    private static readonly SpecObject Link = new(
        Line("path"), Flag("overwrite"), Object("user", Owner), Object("group", Owner), Line("target"), Flag("hard"));

    private static readonly SpecObject Tang = new(Line("url", 2), Line("thumbprint", 2), Text("advertisement", 4));

    private static readonly SpecObject Clevis = new(
        Objects("tang", Tang, "url", 2), Flag("tpm2", 2), Number("threshold", 2),
        Object("custom", new SpecObject(Line("pin", 2), Text("config", 2), Flag("needsNetwork", 2)), 2));

    private static readonly SpecObject Luks = new(
        Line("name", 2), Line("device", 2), Object("keyFile", KeyFile, 2), Line("label", 2), Line("uuid", 2), Lines("options", 2) with { Repeats = true },
        Flag("discard", 4), Lines("openOptions", 4) with { Repeats = true }, Flag("wipeVolume", 2), Object("clevis", Clevis, 2),
        Object("cex", new SpecObject(Flag("enabled", 5)), 5));

    private static readonly SpecObject Tree = new(Line("local", 1), Line("path", 1));

    private static readonly SpecObject Storage = new(
        Objects("disks", Disk, "device"), Objects("raid", Raid, "name"), Objects("luks", Luks, "name", 2), Objects("filesystems", Filesystem, "device"),
        Objects("files", File) with { Repeats = true }, Objects("directories", Directory) with { Repeats = true }, Objects("links", Link) with { Repeats = true },
        Objects("trees", Tree, null, 1) with { Only = Dialect.Butane, Repeats = true });

    private static readonly SpecObject Dropin = new(Line("name"), Text("contents"), Line("contentsLocal", 4) with { Only = Dialect.Butane });

    private static readonly SpecObject Unit = new(
        Line("name"), Flag("enabled"), Flag("mask"), Text("contents"), Line("contentsLocal", 4) with { Only = Dialect.Butane }, Objects("dropins", Dropin, "name"));

    private static readonly SpecObject User = new(
        Line("name"), Line("passwordHash"), Lines("sshAuthorizedKeys"), Lines("sshAuthorizedKeysLocal", 4) with { Only = Dialect.Butane }, Number("uid"),
        Line("gecos"), Line("homeDir"), Flag("noCreateHome"), Line("primaryGroup"), Lines("groups"), Flag("noUserGroup"), Flag("noLogInit"), Line("shell"),
        Flag("shouldExist", 2) with { Neutral = true }, Flag("system"));

    private static readonly SpecObject Group = new(
        Line("name"), Number("gid"), Line("passwordHash"), Flag("shouldExist", 2) with { Neutral = true }, Flag("system"));

    /// <summary>The config itself.</summary>
    public static SpecObject Config { get; } = new(
        Line("variant") with { Only = Dialect.Butane },
        Line("version") with { Only = Dialect.Butane },
        Refused("bootDevice", "Mayu does not translate boot_device: write the disks, the RAID arrays and the LUKS volumes that it stands for"),
        Refused("grub", "Mayu does not translate grub: write /boot/grub2/user.cfg among storage.files"),
        Object("ignition", Ignition),
        Object("storage", Storage),
        Object("systemd", new SpecObject(Objects("units", Unit, "name"))),
        Object("passwd", new SpecObject(Objects("users", User, "name"), Objects("groups", Group, "name"))),
        Object("kernelArguments", new SpecObject(Lines("shouldExist", 3), Lines("shouldNotExist", 3)), 3));

    private static SpecKey Refused(string name, string why) => Line(name) with { Only = Dialect.Butane, Refused = why };

    private static SpecObject Resource(int compressedSince, int inlineSince) => new(
        Text("source"), Line("compression", compressedSince), Objects("httpHeaders", Header, "name", 1), Object("verification", Verification),
        Text("inline", inlineSince) with { Only = Dialect.Butane }, Line("local", Math.Max(inlineSince, 1)) with { Only = Dialect.Butane },
        Text("inlineButane", 6) with { Only = Dialect.Butane }, Line("localButane", 6) with { Only = Dialect.Butane });
}
