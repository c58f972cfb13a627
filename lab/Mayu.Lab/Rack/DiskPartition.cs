namespace Mayu.Lab.Rack;

/// <summary>One entry of a disk's partition table.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Label">Its name in the table; may be empty.</param>
/// <param name="Offset">Where it begins, bytes from the start of the disk.</param>
/// <param name="Length">Its size in bytes.</param>
public sealed record DiskPartition(int Number, string Label, long Offset, long Length);
