using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Plain;

/// <summary>
/// Folders of records without a history. A batch is all or none as well: its files are staged and flushed, then a list of them is put in
/// place, which alone decides, then they are moved. A list that is found at the start is carried out to its end.
/// </summary>
internal sealed class PlainCluster : FolderCluster
{
    // A batch of a hundred thousand records, in bytes.
    private const int LargestBatch = 64 << 20;

    private readonly Action<CommitStep>? _atStep;
    private bool _started;

    public PlainCluster(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger)
        : base(layout, time, options.HandsSettle, logger) => _atStep = options.AtStep;

    /// <inheritdoc/>
    public override bool HasIdleWork => false;

    /// <inheritdoc/>
    public override bool DoIdleWork() => true;

    /// <inheritdoc/>
    public override void Probe() => StagedFile.Probe(Layout.Stage, 0);

    /// <inheritdoc/>
    public override Task CatchUpAsync()
    {
        if (!Directory.Exists(Layout.Own))
        {
            throw new IOException($"{Layout.Own} is missing: it is not the cluster directory that was opened.");
        }

        FinishBatch();
        var names = ReadAll ? [.. ClusterLoader.FoldersOnDisk(Layout).Union(Folders.Keys, StringComparer.Ordinal)] : Suspects.Union(Unfinished).ToList();
        if (ReadAll)
        {
            ClearStage();
        }

        names.Remove(ClusterLayout.PinsName);
        var found = new FolderOnDisk[names.Count];
        Parallel.For(0, names.Count, i => found[i] = FolderOnDisk.Read(Layout, names[i], null));
        foreach (var disk in found)
        {
            Folders[disk.Name] = Examine(disk, Folders.GetValueOrDefault(disk.Name)?.Machine);
        }

        Pins = ExaminePins(PinsFile.OnDisk(Layout));
        Suspects.Clear();
        Unfinished.Clear();
        ReadAll = false;
        var former = Published;
        PublishAnew();
        foreach (var record in Published.Quarantined.Except(former.Quarantined))
        {
            Logger.RecordQuarantined(record.Name, record.Reason);
        }

        _started = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task CommitAsync(IReadOnlyList<RootChange> changes, IReadOnlyList<ChangeNote> notes)
    {
        _atStep?.Invoke(CommitStep.Begin);
        FileChange[] files = [.. changes.Select(c => c.File).OfType<FileChange>()];
        var checkout = new Checkout(Layout, Crew, _atStep, SetAside);
        var list = Layout.Batch + ".new";
        try
        {
            Crew.Run(checkout.Stage(files), static write => write());
            if (checkout.MadeFolders)
            {
                LibC.FlushFolder(Layout.Directory);
            }

            LibC.FlushFolder(Layout.Stage);
            _atStep?.Invoke(CommitStep.Staged);
            StagedFile.Write(list, Encoding.UTF8.GetBytes(ListOf(checkout.Moves).ToJsonString()));
            _atStep?.Invoke(CommitStep.ObjectsDurable);
            File.Move(list, Layout.Batch, overwrite: true);
        }
        catch
        {
            checkout.Discard();
            ReadAll = true;
            throw;
        }

        try
        {
            LibC.FlushFolder(Layout.Own);
        }
        catch
        {
            // It may or may not survive a power cut: take it back, so that what was reported as failed is not carried out.
            ReadAll = true;
            File.Delete(Layout.Batch);
            checkout.Discard();
            throw;
        }

        if ((checkout.Finish() ?? RemoveList()) is { } failure)
        {
            Unfinished.UnionWith(changes.Select(c => c.Name));
            Logger.CheckoutFailed(Layout.Directory, failure);
        }

        return Task.CompletedTask;
    }

    private KnownFolder Examine(FolderOnDisk disk, StoredMachine? former)
    {
        var folder = new KnownFolder(disk.Name) { Serial = disk.Serial, Seen = disk.BlobId, IsUnread = disk.Exists && disk.BlobId is null };
        return !disk.Exists ? folder
            : disk.Serial is null ? folder with { Problem = "The record cannot be used: the name of its folder is no serial." }
            : disk.Record is { } record ? folder with { Machine = new StoredMachine(disk.Name, record, [], disk.BlobId) }
            : _started && former is not null ? folder with
            {
                Machine = former with { Refused = new RefusedFile(disk.BlobId) },
                Problem = $"The file cannot be read: {disk.Problem}. What it held before is served until the file is mended, or the server ends.",
            }
            : folder with { Problem = $"The record cannot be used: {disk.Problem}." };
    }

    private KnownPins ExaminePins(PinsFile disk) =>
        disk.Problem is null ? new KnownPins { Pins = disk.PinsOrNone, Blob = disk.Blob }
        : _started && !Pins.IsWithheld ? Pins with
        {
            Refused = new RefusedFile(disk.Blob),
            Problem = $"The file cannot be read: {disk.Problem}. What it held before is served until the file is mended, or the server ends.",
        }
        : new KnownPins { Seen = disk.Blob, IsWithheld = true, Problem = $"The pins cannot be used: {disk.Problem}. None is kept until the file is mended." };

    // A batch that was decided and not carried out, by a crash or a failure.
    private void FinishBatch()
    {
        if (!File.Exists(Layout.Batch))
        {
            return;
        }

        var moves = ReadList();
        var checkout = new Checkout(Layout, Crew, null, SetAside);
        checkout.Resume(moves);
        if ((checkout.Finish() ?? RemoveList()) is { } failure)
        {
            throw new IOException($"What {Layout.Batch} lists cannot be put in place: {failure.Message}", failure);
        }

        Logger.RecordsRestored(moves.Count, moves[0].Item2);
    }

    private List<(string? From, string To)> ReadList()
    {
        try
        {
            var moves = BoundedJson.Node(BoundedFile.ReadBytes(Layout.Batch, LargestBatch), LargestBatch) as JsonArray ?? throw new FormatException("it is no list");
            return [.. moves.Select(m => ((string?)m?["From"], (string?)m?["To"] ?? throw new FormatException("it names no file")))];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // It was flushed before it got its name: the disk is damaged.
            throw new IOException($"{Layout.Batch}, the list of what is to be put in place, is damaged: {e.Message}", e);
        }
    }

    private Exception? RemoveList()
    {
        try
        {
            File.Delete(Layout.Batch);
            LibC.FlushFolder(Layout.Own);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private static JsonArray ListOf(IEnumerable<(string? From, string To)> moves) =>
        [.. moves.Select(m => (JsonNode)new JsonObject { ["From"] = m.From, ["To"] = m.To })];
}
