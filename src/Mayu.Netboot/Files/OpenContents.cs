using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Netboot.Files;

/// <summary>What is being sent at this moment: each version of a file once, however many are sent it. Safe from any thread.</summary>
internal sealed class OpenContents
{
    /// <summary>
    /// The largest text that is sent as netascii. It is read and converted when it is asked for, and nobody else is served meanwhile: of
    /// 30 MB that takes long enough for a few requests a second to keep all others waiting. Programs go as octets.
    /// </summary>
    public const int LongestText = 2 << 20;

    // All texts together, converted.
    private const long RoomForTexts = 128 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<(FileStamp Stamp, bool Netascii), FileContent> _open = [];
    private long _texts;

    /// <summary>How many versions of files are held open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Opens the content of a file; each success is to be followed by one <see cref="Close"/>.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="handle">The open file, which is taken over.</param>
    /// <param name="netascii">Whether its line ends are converted.</param>
    /// <param name="file">The file.</param>
    /// <param name="problem">Why not, in words for the client.</param>
    public bool TryOpen(string name, SafeFileHandle handle, bool netascii, [NotNullWhen(true)] out ServedFile? file, [NotNullWhen(false)] out string? problem)
    {
        file = null;
        if (!FileStamp.TryRead(handle, out var stamp))
        {
            handle.Dispose();
            problem = "no such file";
            return false;
        }

        lock (_gate)
        {
            if (_open.TryGetValue((stamp, netascii), out var content))
            {
                handle.Dispose();
            }
            else if (TryRead(handle, stamp, netascii, out content, out problem))
            {
                _open.Add((stamp, netascii), content);
                _texts += content.OwnMemory;
            }
            else
            {
                handle.Dispose();
                return false;
            }

            content.Users++;
            problem = null;
            file = new ServedFile(name, content, () => Close((stamp, netascii), content));
            return true;
        }
    }

    private bool TryRead(
        SafeFileHandle handle, FileStamp stamp, bool netascii, [NotNullWhen(true)] out FileContent? content, [NotNullWhen(false)] out string? problem)
    {
        content = null;
        problem = null;
        if (!netascii)
        {
            content = FileContent.Map(handle, stamp);
            problem = content is null ? "the file cannot be read" : null;
        }
        else if (stamp.Size > LongestText)
        {
            problem = "too large for netascii, use octet mode";
        }
        else if (_texts + (2 * stamp.Size) > RoomForTexts)
        {
            problem = "too many netascii transfers, try again later";
        }
        else
        {
            content = FileContent.ReadNetascii(handle, stamp);
        }

        return content is not null;
    }

    private void Close((FileStamp Stamp, bool Netascii) key, FileContent content)
    {
        lock (_gate)
        {
            if (--content.Users == 0)
            {
                _open.Remove(key);
                _texts -= content.OwnMemory;
                content.Free();
            }
        }
    }
}
