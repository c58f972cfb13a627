using static Mayu.Core.Ignition.SpecKeys;

namespace Mayu.Core.Ignition;

/// <summary>
/// The objects of Ignition's specifications 2.2 and 2.3, of engines 0.24 to 0.35 (doc/configuration-v2_3.md of their branch spec2x): the number
/// behind a key is the minor version of spec 2 that it came with. Keys that were out of use before 2.2 are not there.
/// </summary>
internal static class Spec2Model
{
    private static readonly SpecObject Owner = new(Number("id"), Line("name"));

    private static readonly SpecObject Verification = new(Line("hash"));

    private static readonly SpecObject Reference = new(Text("source"), Object("verification", Verification));

    private static readonly SpecObject FileContents = new(Text("source"), Line("compression"), Object("verification", Verification));

    private static readonly SpecObject Ignition = new(
        Line("version"),
        Object("config", new SpecObject(Objects("append", Reference) with { Repeats = true }, Object("replace", Reference))),
        Object("timeouts", new SpecObject(Number("httpResponseHeaders"), Number("httpTotal"))),
        Object("security", new SpecObject(Object("tls", new SpecObject(Objects("certificateAuthorities", Reference) with { Repeats = true })))));

    // size and start count sectors of 512 bytes.
    private static readonly SpecObject Partition = new(
        Line("label"), Number("number"), Number("size"), Number("start"), Number("sizeMiB", 3), Number("startMiB", 3), Line("typeGuid"), Line("guid"),
        Flag("wipePartitionEntry", 3), Flag("shouldExist", 3) with { Neutral = true });

    private static readonly SpecObject Disk = new(Line("device"), Flag("wipeTable"), Objects("partitions", Partition) with { Repeats = true });

    private static readonly SpecObject Raid = new(
        Line("name"), Line("level"), Lines("devices"), Number("spares"), Lines("options") with { Repeats = true });

    private static readonly SpecObject Mount = new(
        Line("device"), Line("format"), Flag("wipeFilesystem"), Line("label"), Line("uuid"), Lines("options") with { Repeats = true });

    private static readonly SpecObject Filesystem = new(Line("name"), Object("mount", Mount), Line("path"));

    private static readonly SpecObject File = new(
        Line("filesystem"), Line("path"), Flag("overwrite"), Flag("append"), Object("contents", FileContents), Mode("mode"), Object("user", Owner), Object("group", Owner));

    private static readonly SpecObject Directory = new(
        Line("filesystem"), Line("path"), Flag("overwrite"), Mode("mode"), Object("user", Owner), Object("group", Owner));

    private static readonly SpecObject Link = new(
        Line("filesystem"), Line("path"), Flag("overwrite"), Object("user", Owner), Object("group", Owner), Line("target"), Flag("hard"));

    private static readonly SpecObject Storage = new(
        Objects("disks", Disk, "device"), Objects("raid", Raid, "name"), Objects("filesystems", Filesystem, "name"), Objects("files", File) with { Repeats = true },
        Objects("directories", Directory) with { Repeats = true }, Objects("links", Link) with { Repeats = true });

    private static readonly SpecObject Dropin = new(Line("name"), Text("contents"));

    private static readonly SpecObject Unit = new(
        Line("name"), Flag("enabled"), Flag("mask"), Text("contents"), Objects("dropins", Dropin, "name"));

    private static readonly SpecObject NetworkUnit = new(Line("name"), Text("contents"), Objects("dropins", Dropin, "name"));

    private static readonly SpecObject User = new(
        Line("name"), Line("passwordHash"), Lines("sshAuthorizedKeys"), Number("uid"), Line("gecos"), Line("homeDir"), Flag("noCreateHome"), Line("primaryGroup"),
        Lines("groups"), Flag("noUserGroup"), Flag("noLogInit"), Line("shell"), Flag("system"));

    private static readonly SpecObject Group = new(Line("name"), Number("gid"), Line("passwordHash"), Flag("system"));

    /// <summary>The config itself.</summary>
    public static SpecObject Config { get; } = new(
        Object("ignition", Ignition),
        Object("storage", Storage),
        Object("systemd", new SpecObject(Objects("units", Unit, "name"))),
        Object("networkd", new SpecObject(Objects("units", NetworkUnit, "name"))),
        Object("passwd", new SpecObject(Objects("users", User, "name"), Objects("groups", Group, "name"))));
}
