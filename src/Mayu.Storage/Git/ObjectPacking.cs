using Mayu.Linux.Files;
using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>
/// Packs loose objects now and then, with the <c>git</c> program beside the server: never on the way of a change. New objects are
/// packed, the pack's name is flushed, and only then what it holds is removed; killed at any moment, nothing is lost.
/// </summary>
internal sealed class ObjectPacking : IAsyncDisposable
{
    // What a git that was killed left; no live one works this long.
    private static readonly TimeSpan LeftOverAge = TimeSpan.FromHours(6);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private const int LongestPid = 64;

    private readonly ClusterLayout _layout;
    private readonly GitOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _isInstalled = GitChild.IsInstalled();
    private Task _run = Task.CompletedTask;
    private long _objects;
    private long _bytes;

    public ObjectPacking(ClusterLayout layout, GitOptions options, TimeProvider time, ILogger logger)
    {
        (_layout, _options, _time, _logger) = (layout, options, time, logger);
        _objects = Estimate();
        if (File.Exists(PidFile) && int.TryParse(BoundedFile.ReadText(PidFile, LongestPid), out var pid))
        {
            GitChild.EndLeftOver(layout, pid);
        }
    }

    // All objects of all packs and loose ones, those too that no commit leads to: somebody may want them back.
    private string[] PackAll =>
    [
        "pack-objects", "--all", "--reflog", "--indexed-objects", "--keep-unreachable", "--pack-loose-unreachable", "--honor-pack-keep", "--local", "--non-empty", "-q",
        Path.Combine(_layout.Objects, "pack", "pack"),
    ];

    private string PidFile => Path.Combine(_layout.Own, "packing.pid");

    /// <summary>A commit wrote so much. Begins to pack when it is time; by the writer alone.</summary>
    public void Note(int objects, long bytes)
    {
        _objects += objects;
        _bytes += bytes;
        if (_isInstalled && _run.IsCompleted && !_stop.IsCancellationRequested && (_objects >= _options.PackAfterObjects || _bytes >= _options.PackAfterBytes))
        {
            (_objects, _bytes) = (0, 0);
            _run = Task.Run(() => PackAsync(_stop.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task PackAsync(CancellationToken cancellationToken)
    {
        try
        {
            var packs = Path.Combine(_layout.Objects, "pack");
            RemoveLeftOver(packs);
            var former = Directory.GetFiles(packs, "*.pack");
            var isOneForAll = former.Length > _options.MaxPacks;
            var (failure, made) = isOneForAll ? await GitAsync(cancellationToken, PackAll) : await GitAsync(cancellationToken, "repack", "-l", "-q");
            if (failure is null)
            {
                // Only what has its name for good may take the place of others: `git repack -d` flushes the pack, not the folder.
                DiskFlush.FlushFolder(packs);
                failure = (await GitAsync(cancellationToken, "prune-packed", "-q")).Failure;
            }

            if (failure is null && isOneForAll && File.Exists(Path.Combine(packs, $"pack-{made}.pack")))
            {
                RemovePacks(former.Where(pack => Path.GetFileName(pack) != $"pack-{made}.pack"));
            }

            if (failure is not null)
            {
                throw new IOException(failure);
            }

            _logger.Packed(_layout.Directory);
        }
        catch (OperationCanceledException)
        {
            // The server ends; the next one packs.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.PackingFailed(_layout.Directory, e.Message);
            await Task.Delay(_options.PackRetry, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<GitAnswer> GitAsync(CancellationToken cancellationToken, params string[] arguments) =>
        GitChild.RunAsync(_layout, Limit, _time, pid => File.WriteAllText(PidFile, $"{pid}\n"), cancellationToken, ["-c", "pack.threads=1", "-c", "core.fsync=all", .. arguments]);

    // What came in since (a fetch by hand) stays, and so does what somebody marked to be kept.
    private static void RemovePacks(IEnumerable<string> former)
    {
        string[] marks = [".keep", ".promisor"];
        foreach (var pack in former.Where(p => !Array.Exists(marks, mark => File.Exists(Path.ChangeExtension(p, mark)))))
        {
            foreach (var extension in (string[])[".idx", ".rev", ".bitmap", ".mtimes", ".pack"])
            {
                File.Delete(Path.ChangeExtension(pack, extension));
            }
        }
    }

    private void RemoveLeftOver(string packs)
    {
        foreach (var file in Directory.EnumerateFiles(packs).Where(f => Path.GetFileName(f).StartsWith(".tmp-", StringComparison.Ordinal)
                     || Path.GetFileName(f).StartsWith("tmp_", StringComparison.Ordinal)))
        {
            if ((_time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file)).Duration() > LeftOverAge)
            {
                File.Delete(file);
            }
        }
    }

    // As git does it: one folder of 256 stands for all.
    private long Estimate()
    {
        var sample = Path.Combine(_layout.Objects, "17");
        return Directory.Exists(sample) ? Directory.EnumerateFiles(sample).LongCount() * 256 : 0;
    }
}
