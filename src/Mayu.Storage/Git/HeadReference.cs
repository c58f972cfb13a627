using System.Text;
using LibGit2Sharp;
using Mayu.Linux.Files;
using Mayu.Storage.Disk;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>Where HEAD stands.</summary>
/// <param name="Name">The branch's reference; <c>HEAD</c> when it is detached.</param>
/// <param name="Target">Its commit; null before the first.</param>
internal sealed record HeadPosition(string Name, ObjectId? Target);

/// <summary>
/// Reads and moves the branch that HEAD names, under git's own lock protocol, and durably: file and folder are flushed.
/// No reflog is written: history only grows, so it would repeat it.
/// </summary>
internal sealed class HeadReference(ClusterLayout layout, TimeProvider time)
{
    private const int ExistsError = 17;

    // A path, and half a million branches, in bytes.
    private const int LongestReference = 8 * 1024;
    private const int LongestPacked = 64 << 20;

    // How long git itself holds a reference's lock is milliseconds.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>Where HEAD stands now.</summary>
    /// <exception cref="IOException">HEAD is missing or makes no sense.</exception>
    public HeadPosition Read()
    {
        var head = BoundedFile.ReadText(Path.Combine(layout.GitDirectory, "HEAD"), LongestReference).Trim();
        if (!head.StartsWith("ref: ", StringComparison.Ordinal))
        {
            return new HeadPosition("HEAD", Parse(head, "HEAD"));
        }

        var name = head[5..].Trim();
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
        {
            throw new IOException($"{layout.GitDirectory}/HEAD names no branch: {name}");
        }

        return new HeadPosition(name, ReadLoose(name) ?? ReadPacked(name));
    }

    /// <summary>Moves the branch from where it was last seen to a commit.</summary>
    /// <exception cref="ExternalEditException">It is not where it was last seen.</exception>
    /// <exception cref="IOException">It could not be made durable; the branch stands where it stood.</exception>
    public async Task MoveAsync(HeadPosition from, ObjectId to)
    {
        var path = Path.Combine(layout.GitDirectory, from.Name);
        var lockPath = path + ".lock";
        var taken = await TakeLockAsync(lockPath);
        try
        {
            using (taken)
            {
                if (Read() != from)
                {
                    throw new ExternalEditException($"{from.Name} was moved by another program.");
                }

                RandomAccess.Write(taken, Encoding.ASCII.GetBytes(to.Sha + "\n"), 0);
                RandomAccess.FlushToDisk(taken);
            }

            File.Move(lockPath, path, overwrite: true);
        }
        catch
        {
            File.Delete(lockPath);
            throw;
        }

        try
        {
            DiskFlush.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch when (from.Target is not null)
        {
            // It may or may not survive a power cut: take it back, so that what was reported as failed is not in the history.
            StagedFile.Write(lockPath, Encoding.ASCII.GetBytes(from.Target.Sha + "\n"));
            File.Move(lockPath, path, overwrite: true);
            throw;
        }
    }

    private async Task<Microsoft.Win32.SafeHandles.SafeFileHandle> TakeLockAsync(string lockPath)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                MakeFolder(Path.GetDirectoryName(lockPath)!);
                return File.OpenHandle(lockPath, FileMode.CreateNew, FileAccess.Write);
            }
            catch (IOException e) when (e is DirectoryNotFoundException or { HResult: ExistsError } && time.GetElapsedTime(start) < LockPatience)
            {
                // Not whether the file is there: git may have taken it away since.
                await Task.Delay(LockPoll, time);
            }
        }
    }

    // A branch with a slash in its name, site/a: there is no folder before its first commit, and git-pack-refs(1) takes the
    // folder away, perhaps right now. Nothing above .git is made.
    private void MakeFolder(string folder)
    {
        if (folder.Length > layout.GitDirectory.Length && !Directory.Exists(folder))
        {
            var parent = Path.GetDirectoryName(folder)!;
            MakeFolder(parent);
            FolderCalls.Make(folder);
            DiskFlush.FlushFolder(parent);
        }
    }

    // git-pack-refs(1) writes the packed one before it takes this one away, at any moment.
    private ObjectId? ReadLoose(string name)
    {
        var path = Path.Combine(layout.GitDirectory, name);
        try
        {
            return File.Exists(path) ? Parse(BoundedFile.ReadText(path, LongestReference).Trim(), name) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private ObjectId? ReadPacked(string name)
    {
        var packed = Path.Combine(layout.GitDirectory, "packed-refs");
        if (!File.Exists(packed))
        {
            return null;
        }

        foreach (var line in BoundedFile.ReadText(packed, LongestPacked).Split('\n'))
        {
            if (line.Length == name.Length + 41 && line.EndsWith(name, StringComparison.Ordinal) && line[40] == ' ')
            {
                return Parse(line[..40], name);
            }
        }

        return null;
    }

    private ObjectId Parse(string text, string name) =>
        ObjectId.TryParse(text, out var id) && text.Length == 40
            ? id
            : throw new IOException($"{layout.GitDirectory}/{name} is damaged: it names no commit. `git reflog` and `git fsck` may show the last one.");
}
