namespace Mayu.Bench;

/// <summary>Who is measured.</summary>
internal enum Side
{
    Ours,
    Peer,
}
