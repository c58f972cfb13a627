using Mayu.Core.Machines;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Api.Status;
using Mayu.Server.Configuration;

namespace Mayu.Server.Api.Doctor;

/// <summary>The store: whether changes can be made durable, and whether the disks have room. Nothing is written.</summary>
internal sealed class StoreCheck(IMachineStore store, MayuConfiguration configuration, ClusterRemarks remarks) : IDoctorCheck
{
    private const long Little = 256L << 20;
    private const long None = 4L << 20;

    /// <inheritdoc/>
    public string Id => "store";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (store.Trouble is { } trouble)
        {
            findings.Error(trouble);
        }
        else if (WhyNotWritable(configuration.ClusterDirectory) is { } why)
        {
            findings.Error($"{why}: no change can be made durable", "Mount the disk read-write, or make the folder writable for the service's user.");
        }

        foreach (var folder in ((string[])[configuration.ClusterDirectory, configuration.DataDirectory]).Where(Directory.Exists).Distinct(StringComparer.Ordinal))
        {
            LookAtRoom(findings, folder);
        }

        foreach (var remark in remarks.OfRecords.Concat(remarks.OfPush))
        {
            findings.Warn(remark, "See docs/operations.md, \"Monitoring\".");
        }

        return Task.FromResult($"{configuration.ClusterDirectory} can be written, with {Counted.Of(store.Current.Count, "machine")}");
    }

    private static string? WhyNotWritable(string folder)
    {
        try
        {
            FolderCalls.DemandWritable(folder);
            return null;
        }
        catch (IOException e)
        {
            return e.Reason();
        }
    }

    private static void LookAtRoom(Findings findings, string folder)
    {
        const string Remedy = "Make room. Mayu itself needs little; images and logs are the usual cause.";
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < None)
        {
            findings.Error($"the disk with {folder} is full ({free >> 10} KiB are free): changes will be refused", Remedy);
        }
        else if (free < Little)
        {
            findings.Warn($"the disk with {folder} has only {free >> 20} MiB free", Remedy);
        }
    }
}
