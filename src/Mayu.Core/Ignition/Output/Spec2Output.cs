namespace Mayu.Core.Ignition.Output;

/// <summary>
/// Makes a config of spec 2.2 or 2.3 of one that has nothing beyond spec 3.0 (https://coreos.github.io/ignition/migrating-configs/ says what
/// differs), and tells what spec 2 cannot say.
/// </summary>
/// <param name="spec">2.2 or 2.3.</param>
/// <param name="faults">Takes what would be lost.</param>
internal sealed class Spec2Output(IgnitionSpec spec, FaultList faults)
{
    private const string Root = "root";

    /// <summary>Makes it.</summary>
    public ConfigObject Of(ConfigObject config)
    {
        var made = new ConfigObject(config.Place, Spec2Model.Config);
        Ignition(config.Object("ignition")!, made.Section("ignition"));
        Copy(config, made, "systemd", "passwd");
        CheckUnits(config);
        if (config.Object("storage") is { } storage)
        {
            Storage(storage, made.Section("storage"));
        }

        return made;
    }

    /// <summary>Makes one of spec 2.2 of one of spec 2.3, which says the same but for partitions.</summary>
    public ConfigObject OfSpec2(ConfigObject config)
    {
        if (config.Object("storage") is { } storage)
        {
            CheckPartitions(storage);
        }

        config.Section("ignition").Set("version", new ConfigText(config.Place, spec.ToString()));
        return config;
    }

    private void Ignition(ConfigObject from, ConfigObject to)
    {
        to.Set("version", new ConfigText(from.Place, spec.ToString()));
        Copy(from, to, "timeouts", "security");
        if (from.Object("config") is not { } further)
        {
            return;
        }

        foreach (var merged in further.Objects("merge"))
        {
            Lost(merged, "merges configs, which spec 2 cannot do: write one config, or use ignition.config.replace");
        }

        if (further.Object("replace") is { } replace && replace.Has("source"))
        {
            to.Section("config").Set("replace", replace);
        }
    }

    private void CheckUnits(ConfigObject config)
    {
        foreach (var unit in (config.Object("systemd")?.Objects("units") ?? []).Where(unit => unit.Flag("mask") == false))
        {
            Lost(unit.At("mask"), "unmasks a unit, which spec 2 cannot do: remove the key");
        }
    }

    private void Storage(ConfigObject from, ConfigObject to)
    {
        Copy(from, to, "disks", "raid");
        CheckPartitions(from);
        var filesystems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var filesystem in from.Objects("filesystems"))
        {
            to.ListOf("filesystems").Items.Add(Filesystem(filesystem, to, filesystems));
        }

        foreach (var file in from.Objects("files"))
        {
            to.ListOf("files").Items.AddRange(Files(file, to, filesystems));
        }

        foreach (var directory in from.Objects("directories"))
        {
            to.ListOf("directories").Items.Add(Directory(directory, to, filesystems));
        }

        foreach (var link in from.Objects("links"))
        {
            to.ListOf("links").Items.Add(Link(link, to, filesystems));
        }
    }

    private void CheckPartitions(ConfigObject storage)
    {
        foreach (var partition in storage.Objects("disks").SelectMany(disk => disk.Objects("partitions")).Where(_ => spec.Minor == 2))
        {
            foreach (var key in new[] { "sizeMiB", "startMiB", "wipePartitionEntry", "shouldExist" })
            {
                var neutral = partition.Type[key]!.Neutral;
                if (partition.Number(key) > 0 || (partition.Flag(key) is { } flag && flag != neutral))
                {
                    Lost(partition.At(key), "has a key of a partition that came with spec 2.3.0: remove it");
                }

                partition.Remove(key);
            }
        }
    }

    // Spec 2 names filesystems, and files say the name; spec 3 says the path that a filesystem is mounted at.
    private ConfigObject Filesystem(ConfigObject from, ConfigObject to, Dictionary<string, string> names)
    {
        if (!from.HasText("format"))
        {
            Lost(from, "has a filesystem without a format: write format");
        }

        var name = from.Text("path") switch
        {
            null or "" => from.Text("device")!,
            "/" => Root,
            var path => path,
        };
        if (from.Text("path") is { Length: > 0 } mounted && !names.TryAdd(mounted == "/" ? "" : mounted, name))
        {
            Lost(from.At("path"), "has two filesystems with one path, which spec 2 could not tell apart: remove one of them");
        }

        var made = new ConfigObject(from.Place, to.Type["filesystems"]!.Object!);
        made.Set("name", new ConfigText(from.Place, name));
        Copy(from, made.Section("mount"), "device", "format", "wipeFilesystem", "label", "uuid", "options");
        return made;
    }

    // Spec 2 overwrites by itself, and has an entry of its own for each thing that is appended.
    private IEnumerable<ConfigObject> Files(ConfigObject from, ConfigObject to, Dictionary<string, string> names)
    {
        var contents = from.Object("contents");
        var appended = from.Objects("append").ToList();
        if (contents?.Has("source") == true)
        {
            var made = Node(from, to, "files", names);
            made.Set("contents", contents);
            made.Set("overwrite", from["overwrite"] ?? new ConfigFlag(from.Place, false));
            made.Set("mode", from["mode"] ?? new ConfigNumber(from.Place, 0x1A4)); // 0644
            yield return made;
        }
        else if (appended.Count == 0)
        {
            Lost(from, "has a file without contents, which keeps one that is there: write its contents");
        }
        else if (!from.Has("mode"))
        {
            Lost(from, "appends to a file and keeps its mode: write the mode");
        }

        foreach (var part in appended)
        {
            var made = Node(from, to, "files", names);
            made.Set("append", new ConfigFlag(part.Place, true));
            made.Set("contents", part);
            Copy(from, made, "mode");
            yield return made;
        }
    }

    private ConfigObject Directory(ConfigObject from, ConfigObject to, Dictionary<string, string> names)
    {
        if (!from.Has("mode"))
        {
            Lost(from, "has a directory that keeps the mode that it has: write the mode");
        }

        var made = Node(from, to, "directories", names);
        Copy(from, made, "mode", "overwrite");
        return made;
    }

    private ConfigObject Link(ConfigObject from, ConfigObject to, Dictionary<string, string> names)
    {
        var made = Node(from, to, "links", names);
        Copy(from, made, "target", "hard", "overwrite");
        if (from.Flag("hard") == true && made.Text("filesystem") != Root)
        {
            Lost(from.At("hard"), "has a hard link on a filesystem of its own: make it a symbolic one");
        }

        return made;
    }

    private static ConfigObject Node(ConfigObject from, ConfigObject to, string list, Dictionary<string, string> names)
    {
        var path = from.Text("path")!;
        var mounted = names.Keys.Where(above => path == above || path.StartsWith(above + '/', StringComparison.Ordinal)).MaxBy(above => above.Length);
        var made = new ConfigObject(from.Place, to.Type[list]!.Object!);
        made.Set("filesystem", new ConfigText(from.At("path").Place, mounted is null ? Root : names[mounted]));
        made.Set("path", new ConfigText(from.At("path").Place, path[(mounted?.Length ?? 0)..] is { Length: > 0 } rest ? rest : "/"));
        Copy(from, made, "user", "group");
        return made;
    }

    private static void Copy(ConfigObject from, ConfigObject to, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (from[key] is { } value)
            {
                to.Set(key, value);
            }
        }
    }

    private void Lost(ConfigValue at, string what) => faults.Add(at, $"the machine's Ignition reads spec {spec}, and this config {what}");
}
