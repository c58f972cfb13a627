using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>
/// Packs loose objects now and then, with the <c>git</c> program beside the server: never on the way of a change. New objects are
/// packed, the pack's name is flushed, and only then what it holds is removed; killed at any moment, nothing is lost.
/// </summary>
internal sealed class ObjectPacking : IAsyncDisposable
{
    // Each look-up asks every pack.
    private const int MostPacks = 30;

    // What a git that was killed left; no live one works this long.
    private static readonly TimeSpan LeftOverAge = TimeSpan.FromHours(6);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    private readonly ClusterLayout _layout;
    private readonly GitStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _isInstalled = GitChild.IsInstalled();
    private Task _run = Task.CompletedTask;
    private long _objects;
    private long _bytes;

    public ObjectPacking(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger)
    {
        (_layout, _options, _time, _logger) = (layout, options, time, logger);
        _objects = Estimate();
        if (File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), out var pid))
        {
            GitChild.EndLeftOver(layout, pid);
        }
    }

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
            var failure = Directory.EnumerateFiles(packs, "*.pack").Skip(MostPacks).Any()
                ? await GitAsync(cancellationToken, "repack", "-a", "-l", "-k", "-q")
                : await GitAsync(cancellationToken, "repack", "-l", "-q");
            if (failure is null)
            {
                LibC.FlushFolder(packs);
                failure = await GitAsync(cancellationToken, "prune-packed", "-q");
            }

            if (failure is null && Directory.EnumerateFiles(packs, "*.pack").Skip(MostPacks).Any())
            {
                failure = await GitAsync(cancellationToken, "repack", "-a", "-d", "-l", "-k", "-q");
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
            await Task.Delay(AfterFailure, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<string?> GitAsync(CancellationToken cancellationToken, params string[] arguments) =>
        GitChild.RunAsync(_layout, Limit, _time, pid => File.WriteAllText(PidFile, $"{pid}\n"), cancellationToken, ["-c", "pack.threads=1", .. arguments]);

    private void RemoveLeftOver(string packs)
    {
        foreach (var file in Directory.EnumerateFiles(packs).Where(f => Path.GetFileName(f).StartsWith(".tmp-", StringComparison.Ordinal)
                     || Path.GetFileName(f).StartsWith("tmp_", StringComparison.Ordinal)))
        {
            if (_time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > LeftOverAge)
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
