using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Disk;

namespace Mayu.Storage.Folders;

/// <summary>
/// The files of a batch on their way into the cluster directory: first under names that do not count, beside a list of where they are to go; then, once
/// the batch is decided, in their place, or gone from it. After a crash the list is carried out to its end: nobody has to tell what is left over from an edit.
/// </summary>
internal sealed class FileMoves
{
    // A batch of a hundred thousand records, in bytes.
    private const int LargestList = 64 << 20;

    private readonly StoreContext _store;
    private readonly IReadOnlyList<FileChange> _changes;
    private readonly List<Move> _moves;
    private string? _list;

    /// <summary>Files that are to be written or removed, but those that are in place.</summary>
    public FileMoves(StoreContext store, IReadOnlyList<FileChange> changes)
    {
        (_store, _changes) = (store, [.. changes.Where(c => !c.IsInPlace)]);

        // No list may ever find the file of another batch.
        var batch = Guid.NewGuid();
        _moves = [.. _changes.Select((c, i) => new Move(c.Content is null ? null : $"{batch:n}-{i}", ClusterLayout.PathOf(c.Name), c.Former))];
    }

    private FileMoves(StoreContext store, List<Move> moves, string list) => (_store, _changes, _moves, _list) = (store, [], moves, list);

    /// <summary>Whether a new machine's folder was made, so that the root is to be flushed.</summary>
    public bool MadeFolders { get; private set; }

    /// <summary>Whether nothing is to be moved.</summary>
    public bool IsEmpty => _moves.Count == 0;

    /// <summary>Makes the folders, and says what is to be written so that <see cref="Finish"/> needs no room on the disk.</summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    public IReadOnlyList<Action> Stage()
    {
        var writes = new List<Action>(_changes.Count);
        foreach (var (change, move) in _changes.Zip(_moves))
        {
            if (change.Content is { } content)
            {
                MadeFolders |= FolderCalls.Make(FolderOf(move));
                writes.Add(() => StagedFile.Write(StagedOf(move)!, content));
            }
        }

        return writes;
    }

    /// <summary>Writes the list, by which <see cref="Resume"/> goes on after a crash once it has its place.</summary>
    /// <param name="written">Where it is written.</param>
    /// <param name="place">Where it counts.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteList(string written, string place)
    {
        _list = place;
        var moves = new JsonArray([.. _moves.Select(m => new JsonObject { ["From"] = m.From, ["To"] = m.To, ["Former"] = m.Former?.Id?.ToString() })]);
        StagedFile.Write(written, Encoding.UTF8.GetBytes(moves.ToJsonString()));
    }

    /// <summary>Puts all in place, durably.</summary>
    /// <exception cref="IOException">It cannot be put in place. The batch is decided all the same, and what is left of it is to be resumed.</exception>
    public void Finish()
    {
        _store.At(CommitStep.Committed);
        foreach (var move in _moves)
        {
            // While all was written somebody may have edited it, which is milliseconds. That is not overwritten unseen.
            if (IsEdited(move))
            {
                SetAside(move);
            }

            Carry(move);
        }

        End(FoldersOf());
    }

    /// <summary>Goes on with moves that were decided and not finished, by a crash or a failure; there may be none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="list">The place of their list.</param>
    /// <exception cref="IOException">They cannot be put in place.</exception>
    public static void Resume(StoreContext store, string list)
    {
        if (!File.Exists(list))
        {
            return;
        }

        var moves = new FileMoves(store, Read(list), list);
        try
        {
            store.At(CommitStep.Committed);
            foreach (var move in moves._moves)
            {
                // What is not in the stage any more is in its place; an edit that came since is a later change.
                if ((move.From is null || File.Exists(moves.StagedOf(move))) && FoundFile.Obstacle(store.Layout, move.To) is null && !moves.IsEdited(move))
                {
                    if (move.From is not null)
                    {
                        FolderCalls.Make(moves.FolderOf(move));
                    }

                    moves.Carry(move);
                }
            }

            moves.End(moves.FoldersOf().Append(store.Layout.Directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The files listed in {list} cannot be moved into place: {e.Message}", e);
        }

        if (moves._moves is [var first, ..])
        {
            var records = Counted.Of(moves._moves.Count, "record");
            store.Logger.RecordsRestored(records, first.To);
        }
    }

    /// <summary>Takes back what is staged.</summary>
    public void Discard()
    {
        // As long as the list is there it may count.
        if (_list is null || StagedFile.Discard(_list))
        {
            _moves.Select(StagedOf).OfType<string>().ToList().ForEach(staged => StagedFile.Discard(staged));
        }
    }

    private string? StagedOf(Move move) => move.From is null ? null : Path.Combine(_store.Layout.Stage, move.From);

    private string FolderOf(Move move) => Path.GetDirectoryName(_store.Layout.OnDisk(move.To))!;

    // What is to be flushed: the folders, or the root where one is gone.
    private IEnumerable<string> FoldersOf() => _moves.Select(FolderOf).Select(folder => Directory.Exists(folder) ? folder : _store.Layout.Directory);

    private bool IsEdited(Move move) => move.Former is { } former && FoundFile.IdOf(_store.Layout, move.To) is { } found && found != former.Id;

    private void SetAside(Move move)
    {
        _store.SetAside(move.To);
        _store.Logger.EditSetAside(move.To);
    }

    private void Carry(Move move)
    {
        var target = _store.Layout.OnDisk(move.To);
        if (Directory.Exists(target))
        {
            SetAside(move);
        }

        if (StagedOf(move) is { } staged)
        {
            File.Move(staged, target, overwrite: true);
        }
        else if (Directory.Exists(FolderOf(move)))
        {
            // What somebody laid beside a record stays, and its folder with it.
            File.Delete(target);
            FolderCalls.RemoveIfEmpty(FolderOf(move));
        }

        _store.At(CommitStep.RecordMoved);
    }

    // That the list goes need not be flushed: what it lists is in place.
    private void End(IEnumerable<string> folders)
    {
        _store.Flush.Run([.. folders.Distinct(StringComparer.Ordinal)], DiskFlush.FlushFolder);
        if (_list is not null)
        {
            File.Delete(_list);
        }

        _store.At(CommitStep.Finished);
    }

    private static List<Move> Read(string list)
    {
        try
        {
            var moves = BoundedJson.Node(BoundedFile.ReadBytes(list, LargestList), LargestList) as JsonArray ?? throw new FormatException("it is not a list");
            return [.. moves.Select(m => new Move(
                (string?)m?["From"],
                (string?)m?["To"] ?? throw new FormatException("it names no file"),
                new SeenFile((string?)m!["Former"] is { } former ? ContentId.Parse(former) : null)))];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // It was flushed before it counted: the disk is damaged.
            throw new IOException($"{list}, the list of files to move into place, is damaged: {BoundedJson.Describe(e)}", e);
        }
    }

    /// <summary>One file.</summary>
    /// <param name="From">Its name in the stage; null: the file is to go.</param>
    /// <param name="To">Its path in the cluster directory.</param>
    /// <param name="Former">What it is to take the place of; null: whatever is there.</param>
    private sealed record Move(string? From, string To, SeenFile? Former);
}
