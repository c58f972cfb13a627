using System.Text;
using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition.Checks;

/// <summary>Disks, their partitions, and RAID arrays.</summary>
internal static partial class DiskChecks
{
    // Sizes are mebibytes in spec 3, and sectors or mebibytes in spec 2.
    private static readonly (string Start, string Size)[] Units = [("startMiB", "sizeMiB"), ("start", "size")];

    private static readonly string[] Guids = ["guid", "typeGuid"];

    /// <summary>Checks all of them.</summary>
    public static void Check(ConfigObject storage, Checker checker)
    {
        foreach (var disk in storage.Objects("disks"))
        {
            Paths.CheckNeeded(disk, "device", checker);
            var partitions = disk.Objects("partitions").ToList();
            partitions.ForEach(partition => CheckPartition(partition, checker));
            Once(partitions, "number", partition => partition.Number("number") is > 0 and var number ? number : null, checker);
            Once(partitions, "label", partition => partition.Text("label"), checker);
            CheckRemoval(partitions, checker);
            CheckOverlap(partitions, checker);
        }

        foreach (var array in storage.Objects("raid"))
        {
            CheckArray(array, checker);
        }
    }

    private static void CheckPartition(ConfigObject partition, Checker checker)
    {
        if (partition.Flag("shouldExist") == false && Units.SelectMany(unit => new[] { unit.Start, unit.Size }).Concat(["label", "guid", "typeGuid"]).FirstOrDefault(partition.Has) is { } other)
        {
            checker.Fault(partition, other, "a partition that should not exist has a number and nothing else: remove this key");
        }

        if (partition.Number("number") is null or 0 && !partition.Has("label"))
        {
            checker.Fault(partition, "a partition needs a number of 1 or more, or a label");
        }

        if (partition.Text("label") is { } label)
        {
            // GPT has room for 36 units of UTF-16; Ignition counts bytes.
            var problem = Encoding.UTF8.GetByteCount(label) > 36 ? "a label has at most 36 bytes" : label.Contains(':', StringComparison.Ordinal) ? "a label cannot have a colon" : null;
            if (problem is not null)
            {
                checker.Fault(partition, "label", problem);
            }
        }

        foreach (var key in Guids.Where(key => partition.HasText(key) && partition.Text(key) is { } text && !Guid().IsMatch(text)))
        {
            checker.Fault(partition, key, "it must be a GUID of this form: 01234567-89AB-CDEF-EDCB-A98765432101");
        }
    }

    private static void Once(List<ConfigObject> partitions, string key, Func<ConfigObject, object?> value, Checker checker)
    {
        var lines = new Dictionary<object, int>();
        foreach (var partition in partitions)
        {
            if (value(partition) is { } own && !lines.TryAdd(own, partition.At(key).Place.Line))
            {
                checker.Fault(partition, key, $"each partition of a disk has its own {key}, and this one is on line {lines[own]} already");
            }
        }
    }

    // Which number is the next free one is not known while others go.
    private static void CheckRemoval(List<ConfigObject> partitions, Checker checker)
    {
        if (partitions.Exists(partition => partition.Flag("shouldExist") == false) && partitions.Find(partition => partition.Number("number") is null or 0) is { } unnumbered)
        {
            checker.Fault(unnumbered, "where a partition of the disk should not exist, each partition needs a number of 1 or more");
        }
    }

    private static void CheckOverlap(List<ConfigObject> partitions, Checker checker)
    {
        foreach (var (startKey, sizeKey) in Units)
        {
            // A start of 0 is where the disk has most room, which is not known here; a size of 0 is all the room that there is.
            var ranges = (from partition in partitions
                          let start = partition.Number(startKey)
                          let size = partition.Number(sizeKey)
                          where start > 0 && size is not null
                          orderby start
                          select (Partition: partition, Start: start.Value, End: start.Value + Math.Max(size.Value, 1) - 1)).ToList();
            for (var i = 1; i < ranges.Count; i++)
            {
                if (ranges[i].Start <= ranges[i - 1].End)
                {
                    checker.Fault(ranges[i].Partition, startKey, $"the partition overlaps with the one on line {ranges[i - 1].Partition.Place.Line}: move one of them, or make it smaller");
                }

                // What begins later may still lie in the longest one before it.
                ranges[i] = ranges[i] with { End = Math.Max(ranges[i].End, ranges[i - 1].End) };
            }
        }
    }

    private static void CheckArray(ConfigObject array, Checker checker)
    {
        if (!array.HasText("name"))
        {
            checker.Fault(array, "name", "it is missing: write the name of the array");
        }

        switch (array.Text("level"))
        {
            case null or "" when !array.HasText("level"):
                checker.Fault(array, "level", "it is missing: write linear, raid0, raid1, raid4, raid5, raid6 or raid10");
                break;
            case "linear" or "raid0" or "0" or "stripe" when array.Number("spares") > 0:
                checker.Fault(array, "spares", "an array of this level has no spare devices: remove the key");
                break;
            case null or "linear" or "raid0" or "0" or "stripe" or "raid1" or "1" or "mirror" or "raid4" or "4" or "raid5" or "5" or "raid6" or "6" or "raid10" or "10":
                break;
            default:
                checker.Fault(array, "level", "it must be linear, raid0, raid1, raid4, raid5, raid6 or raid10");
                break;
        }

        if (array["devices"] is null or ConfigList { Items.Count: 0 })
        {
            checker.Fault(array, "devices", "an array needs devices: write their absolute paths");
        }

        foreach (var device in array.Texts("devices"))
        {
            Paths.Check(device, checker);
        }
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Guid();
}
